from typing import get_args

import pytest

from tests.inbox.telling import tell
from webapp.inbox.saying import REASONS
from webapp.inbox.schemas import ReasonName
from webapp.models.inbox import Reason


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def bob(make, project):
    return make.member(project, "member")


def test_a_row_tells_the_issue_the_reason_and_what_happened(api, browser, app, make, ada, bob, project):
    issue = make.issue(project, ada, title="A loose stone")
    api(ada).patch("/projects/WALL/issues/1", {"priority": "high"})
    tell(app, bob, issue, "assigned")
    (row,) = api(bob).get("/inbox")["items"]
    assert (row["reason"], row["issue"]["key"], row["unread"], row["done"]) == ("assigned", "WALL-1", True, False)
    assert [one["kind"] for one in row["events"]] == ["opened", "prioritised"]
    page = browser(bob).get("/inbox")
    assert page.h1 == "Inbox"
    assert "You are assigned" in page.text
    assert f"/projects/WALL/issues/1?since={row['first_unread']}#new" in page.links


def test_each_reason_has_its_words_and_its_name():
    assert set(get_args(ReasonName)) == set(REASONS) == set(Reason)


@pytest.fixture
def told(app, make, ada, bob, project):
    """What Bob was told of: of four issues in two projects, the last told last."""
    other = make.project(ada, key="SCREE", visibility="internal")
    for number, reason in enumerate(("assigned", "mentioned", "watching"), 1):
        tell(app, bob, make.issue(project, ada, title=f"Stone {number}"), reason)
    tell(app, bob, make.issue(other, ada, title="Moss"), "watching")


ASKED = [
    ("", 4),
    ("reason:mentioned", 1),
    ("reason:mentioned,ASSIGNED", 2),
    ("-reason:mentioned", 3),
    ("project:SCREE", 1),
    ("project:scree reason:watching", 1),
    ("project:NONE", 0),
    ("stone", 3),
    ('"Stone 2" OR moss', 2),
    ("is:unread", 3),
    ("is:read", 1),
    ("is:done", 1),
    ("is:snoozed", 1),
    ("is:all", 6),
    ("is:all -is:done", 5),
    ("100%", 0),
]


@pytest.mark.parametrize(("q", "number"), ASKED)
def test_a_query_narrows_it(api, browser, app, make, ada, bob, project, told, q, number):
    mine = api(bob)
    for title, change in (("Frost", {"done": True}), ("Lichen", {"snoozed_until": "tomorrow"})):
        tell(app, bob, make.issue(project, ada, title=title))
        mine.patch("/inbox?q=" + title, change)
    mine.patch("/inbox?q=moss", {"unread": False})
    found = mine.get("/inbox", query_string={"q": q})
    assert (len(found["items"]), found["total"]) == (number, number)
    assert browser(bob).get("/inbox", query_string={"q": q}).text.count('class="issue-row') == number


@pytest.mark.parametrize("q", ["is:open", "reason:boredom", "is:>done", "label:bug", '"open', "("])
def test_a_query_that_means_nothing_is_told(api, browser, bob, told, q):
    answer = api(bob).send("GET", "/inbox", query_string={"q": q}, status=422).json
    assert answer["errors"][0]["field"] == "q"
    page = browser(bob).get("/inbox", status=422, query_string={"q": q})
    assert "There is a problem" in page.text
    assert api(bob).send("PATCH", "/inbox", query_string={"q": q}, json={"done": True}).status_code == 422


def test_all_of_it_is_read_page_by_page(api, browser, bob, told):
    whole = [one["id"] for one in api(bob).get("/inbox")["items"]]
    url, found = "/inbox?limit=1", []
    while url:
        page = api(bob).get(url)
        found += [one["id"] for one in page["items"]]
        assert page["total"] == 4
        url = page["next"]
    assert found == whole
    api(bob).send("GET", "/inbox?cursor=bad", status=422)
    second = browser(bob).get("/inbox?limit=1").links
    assert any("cursor=" in link for link in second)


def test_the_filters_lead_to_what_they_count(browser, bob, told):
    page = browser(bob).get("/inbox?q=reason:watching")
    links = [link for link in page.links if link.startswith("/inbox?q=")]
    assert "/inbox?q=is:unread+reason:watching" in links or "/inbox?q=is:unread%20reason:watching" in links
    for link in links:
        browser(bob).get(link)


def test_a_comment_is_told_by_its_beginning(api, browser, app, make, ada, bob, project):
    issue = make.issue(project, ada)
    comment = make.comment(project, issue, ada, "It **moved** when I stood on it.")
    tell(app, bob, issue, "commented")
    (row,) = api(bob).get("/inbox")["items"]
    assert row["events"][-1]["said"] == "It moved when I stood on it."
    api(ada).delete(f"/projects/WALL/issues/1/comments/{comment.id}")
    (row,) = api(bob).get("/inbox")["items"]
    assert "moved" not in str(row["events"])
    assert "stood" not in browser(bob).get("/inbox").text


def test_of_much_that_happened_the_last_is_told(api, browser, app, make, ada, bob, project):
    issue = make.issue(project, ada)
    for priority in ("low", "medium", "high", "urgent"):
        api(ada).patch("/projects/WALL/issues/1", {"priority": priority})
    api(bob).patch("/projects/WALL/issues/1", {"priority": "none"})
    tell(app, bob, issue)
    (row,) = api(bob).get("/inbox")["items"]
    assert row["has_earlier"]
    assert len(row["events"]) == 3
    assert "and more before" in browser(bob).get("/inbox").text


def test_an_empty_inbox_says_what_it_is_for(browser, bob):
    assert "All done" in browser(bob).get("/inbox").text
    assert "Nothing marked done yet" in browser(bob).get("/inbox?q=is:done").text
    assert "Nothing is snoozed" in browser(bob).get("/inbox?q=is:snoozed").text
    assert "Nothing matches" in browser(bob).get("/inbox?q=moss").text


def test_nobody_has_no_inbox(api, browser):
    api().send("GET", "/inbox", status=401)
    assert "/auth/login" in browser().get("/inbox", status=303).location
