"""The count on every page, and what it does to open an issue."""

import pytest

from tests.inbox.telling import tell
from webapp.db import db, transacting


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def bob(make, project):
    return make.member(project, "member")


@pytest.fixture
def told(app, make, ada, bob, project):
    """Three issues that Bob was told of."""
    issues = [make.issue(project, ada, title=f"Stone {number}") for number in (1, 2, 3)]
    for issue in issues:
        tell(app, bob, issue)
    return issues


def count(page):
    """What the header says of the inbox."""
    said = page.text.partition('data-key="g n">')[2].partition("</a>")[0]
    assert "Inbox" in said
    return said.partition('<b class="count">')[2].partition("<")[0]


def sql(app, statement):
    with app.app_context(), transacting():
        db.session.execute(db.text(statement))


@pytest.mark.parametrize("url", ["/", "/projects", "/projects/WALL/issues", "/projects/WALL/issues/new", "/nowhere"])
def test_every_page_counts_what_waits_unread(api, browser, bob, told, url):
    one = browser(bob)
    status = 404 if url == "/nowhere" else 200
    assert count(one.get(url, status=status)) == "3"
    rows = [one["id"] for one in api(bob).get("/inbox")["items"]]
    changes = [{"done": True}, {"snoozed_until": "tomorrow"}, {"unread": False}]
    for row, change, left in zip(rows, changes, ["2", "1", ""], strict=True):
        api(bob).patch(f"/inbox/{row}", change)
        assert count(one.get(url, status=status)) == left


def test_many_are_told_as_many(app, browser, bob, told):
    sql(
        app,
        "WITH new AS (INSERT INTO issues (project_id, number, title, status_id, author_id) SELECT project_id,"
        " generate_series(100, 200), title, status_id, author_id FROM issues WHERE number = 1 RETURNING id)"
        f" INSERT INTO inbox_items (user_id, issue_id, reason, first_unread_id, last_event_id)"
        f" SELECT {bob.id}, id, 'watching', 1, 1 FROM new",
    )
    assert count(browser(bob).get("/")) == "99+"
    assert count(browser(bob).get("/projects/WALL/issues/150")) == "99+"
    assert browser(bob).get("/inbox").text.count('class="issue-row unread"') == 50


def test_what_is_out_of_sight_is_neither_counted_nor_shown(api, app, browser, bob, ada, told):
    one = browser(bob)
    assert count(one.get("/projects")) == "3"
    api(ada).delete("/projects/WALL/issues/1")
    assert count(one.get("/projects")) == "2"
    assert len(api(bob).get("/inbox")["items"]) == 2
    api(ada).delete(f"/projects/WALL/members/{bob.id}")
    assert count(one.get("/projects")) == ""
    assert api(bob).get("/inbox")["items"] == []
    assert api(bob).patch("/inbox", {"done": True})["changed"] == 0


def test_a_moved_issue_is_shown_where_it_is(api, app, browser, bob, ada, make, told):
    make.project(ada, key="SCREE", visibility="internal")
    api(ada).post("/projects/WALL/issues/1/move", {"project": "SCREE"}, status=200)
    keys = {one["issue"]["key"] for one in api(bob).get("/inbox")["items"]}
    assert keys == {"SCREE-1", "WALL-2", "WALL-3"}
    one = browser(bob)
    one.get("/projects/SCREE/issues/1")
    assert count(one.get("/")) == "2"


def test_opening_an_issue_reads_it(api, browser, ada, bob, told):
    api(ada).patch("/projects/WALL/issues/1", {"priority": "high"})
    one = browser(bob)
    page = one.get("/projects/WALL/issues/1")
    assert 'id="new"' in page.text
    assert count(page) == "2"
    assert 'id="new"' not in one.get("/projects/WALL/issues/1").text
    assert [row["unread"] for row in api(bob).get("/inbox")["items"]] == [True, True, False]


AHEAD = [
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Dest": "image"},
]


@pytest.mark.parametrize("headers", AHEAD, ids=str)
def test_what_nobody_looks_at_is_not_read(browser, bob, told, headers):
    one = browser(bob)
    accept = {"Accept": "text/html"}
    one.client.get("/projects/WALL/issues/1", headers=accept | headers)
    one.client.head("/projects/WALL/issues/1", headers=accept)
    assert count(one.get("/")) == "3"


def test_a_client_that_reads_an_issue_reads_for_nobody(api, browser, bob, told):
    api(bob).get("/projects/WALL/issues/1")
    assert count(browser(bob).get("/")) == "3"


def test_a_kept_page_and_its_tag_tell_the_count_of_now(api, browser, bob, told):
    one = browser(bob)
    for url in ("/projects/WALL", "/projects/WALL/issues", "/projects/WALL/issues/2"):
        one.get(url)
    for url in ("/projects/WALL", "/projects/WALL/issues"):
        tag = one.get(url).response.headers["ETag"]
        before = {"Accept": "text/html", "If-None-Match": tag}
        assert one.client.get(url, headers=before).status_code == 304
        (row, *_) = [row["id"] for row in api(bob).get("/inbox?q=is:unread")["items"]]
        api(bob).patch(f"/inbox/{row}", {"unread": False})
        assert one.client.get(url, headers=before).status_code == 200
    assert count(one.get("/projects/WALL")) == ""


def apart(app, told):
    """Let the events and comments of the first issue be an hour apart, the last an hour ago."""
    for table in ("events", "comments"):
        sql(
            app,
            f"UPDATE {table} SET created_at = now() - make_interval(hours => (SELECT count(*)::int FROM {table} later"
            f" WHERE later.issue_id = {table}.issue_id AND later.id > {table}.id)) - interval '1 hour'"
            f" WHERE issue_id = {told[0].id}",
        )


def test_a_page_says_where_the_new_begins(api, app, browser, ada, bob, told):
    for priority in ("low", "high", "urgent"):
        api(ada).patch("/projects/WALL/issues/1", {"priority": priority})
    apart(app, told)
    api(bob).patch("/inbox", {"unread": False})
    first, _ = tell(app, bob, told[0], last=2)
    page = browser(bob).get(f"/projects/WALL/issues/1?since={first}")
    words = page.text.partition('class="timeline"')[2]
    assert words.index("low") < words.index('id="new"') < words.index("urgent")
    again = browser(bob).get(f"/projects/WALL/issues/1?since={first}")
    assert 'id="new"' in again.text
    assert 'id="new"' not in browser(bob).get(f"/projects/WALL/issues/2?since={first}").text


@pytest.mark.parametrize(("comments", "since"), [(150, 100), (150, 5), (150, 148), (320, 60)])
def test_what_is_new_in_a_long_thread_is_not_folded_away(api, app, browser, ada, bob, told, comments, since):
    sql(
        app,
        f"INSERT INTO comments (issue_id, author_id, body, created_at) SELECT {told[0].id}, {ada.id}, 'Said ' || n,"
        f" now() - make_interval(mins => {comments} - n + 1) FROM generate_series(1, {comments}) n",
    )
    sql(
        app,
        "UPDATE events SET created_at = (SELECT created_at FROM comments WHERE body = 'Said"
        f" {since}') WHERE issue_id = {told[0].id}",
    )
    text = browser(bob).get("/projects/WALL/issues/1").text
    before, _, after = text.partition('id="new"')
    assert after
    assert f"<p>Said {since}</p>" in after
    assert f"<p>Said {since + 1}</p>" in after
    assert f"<p>Said {since - 1}</p>" not in after
    assert "Said 1<" in before or "Show what came before" in before
    assert f"Said {comments}<" in after or "Show what followed" in after


def test_who_has_nothing_unread_costs_no_statement_more(browser, bob, told, statements):
    one = browser(bob)
    one.get("/projects/WALL/issues/1")
    one.get("/projects/WALL/issues/1")
    statements.clear()
    one.get("/projects/WALL/issues/1")
    assert not [sent for sent in statements if "inbox_items" in sent and "UPDATE" in sent]
    one.get("/projects/WALL/issues/2")
    assert len([sent for sent in statements if "UPDATE inbox_items" in sent]) <= 1
