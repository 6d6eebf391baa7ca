"""What an issue's page tells: comments and events in one order, runs in one line, long ones folded."""

import re
from datetime import timedelta

import pytest

from webapp.db import db, transacting
from webapp.models.comments import Comment
from webapp.models.events import Event

URL = "/projects/WALL/issues/1"


@pytest.fixture
def issue(make, ada):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    return make.issue(project, ada)


@pytest.fixture
def later(app, issue):
    """Let all that has happened so far have happened so many minutes earlier."""

    def move(minutes: int) -> None:
        with app.app_context(), transacting():
            for model in (Event, Comment):
                db.session.execute(db.update(model).values(created_at=model.created_at - timedelta(minutes=minutes)))

    return move


def lines(page):
    """The entries of the timeline in words."""
    listed = re.search(r'<ol class="timeline"[^>]*>(.*?)</ol>', page.text, re.DOTALL).group(1)
    words = [re.sub(r"<[^>]+>", "", one) for one in re.split(r"<li\b", listed)[1:]]
    return [" ".join(one.partition(">")[2].split()) for one in words]


def test_what_one_save_changes_is_told_in_one_line(api, browser, ada, issue):
    api(ada).patch(URL, {"labels": ["bug"], "due_on": "2026-03-31", "assignees": [ada.id]})
    assert lines(browser(ada).get(URL)) == [
        "Ada added bug, assigned Ada and set the due date to 31 Mar 2026 just now"
    ]


def test_its_events_share_a_change(api, ada, issue):
    api(ada).patch(URL, {"labels": ["bug"], "due_on": "2026-03-31"})
    api(ada).patch(URL, {"due_on": None})
    changes = [event["change_id"] for event in api(ada).get(f"{URL}/events")["items"]]
    assert len(set(changes)) == 3
    assert changes[1] == changes[2]


def test_what_one_person_does_within_a_quarter_of_an_hour_is_told_in_one_line(api, browser, ada, issue, later):
    api(ada).patch(URL, {"title": "Tight"})
    later(14)
    api(ada).patch(URL, {"priority": "high"})
    later(16)
    api(ada).patch(URL, {"priority": "low"})
    told = lines(browser(ada).get(URL))
    assert [line.partition(" ago")[0].partition(" just")[0] for line in told] == [
        "Ada changed the title from A stone is loose to Tight and set the priority from none to high 16 minutes",
        "Ada set the priority from high to low",
    ]


def test_somebody_else_and_a_comment_break_a_run(api, browser, ada, make, issue, later):
    api(ada).patch(URL, {"title": "1"})
    later(1)
    api(ada).post(f"{URL}/comments", {"body": "Why not"})
    later(1)
    api(ada).patch(URL, {"title": "2"})
    later(1)
    admin = make.person("Grace", is_admin=True)
    api(admin).patch(URL, {"title": "3"})
    assert [line.split()[0] for line in lines(browser(ada).get(URL))] == ["Ada", "Ada", "Ada", "Grace"]


def test_an_unknown_kind_of_event_is_told_too(app, browser, ada, issue):
    with app.app_context(), transacting():
        db.session.execute(db.update(Event).values(kind="enchanted"))
    assert lines(browser(ada).get(URL)) == ["Ada changed this just now"]


EVENTS = [
    ("moved_status", {"old": "To do", "new": "Doing"}, "moved this from To do to Doing"),
    ("milestoned", {"old": None, "new": "1.0"}, "set the milestone to 1.0"),
    ("milestoned", {"old": "1.0", "new": None}, "took this out of the milestone 1.0"),
    ("estimated", {"old": None, "new": 0}, "set the estimate to 0"),
    ("estimated", {"old": 3, "new": None}, "took away the estimate"),
    ("started", {"old": None, "new": "2026-03-31"}, "set the start date to 31 Mar 2026"),
    ("scheduled", {"old": "2026-03-31", "new": None}, "took away the due date"),
    ("reparented", {"old": None, "new": "WALL-7"}, "made this a part of WALL-7"),
    ("reparented", {"old": "WALL-7", "new": None}, "took this out of WALL-7"),
    ("linked", {"kind": "blocked_by", "issue": "WALL-7"}, "noted that this is blocked by WALL-7"),
    ("unlinked", {"kind": "relates", "issue": None}, "took back that this relates to an issue of another project"),
    ("ticked", {"added": ["a", "b"], "removed": ["c"]}, "ticked a, b and cleared c"),
    ("moved", {"from": "OLD", "to": "WALL"}, "moved this from OLD to WALL"),
    ("closed", {"reason": "duplicate", "duplicate_of": "WALL-7"}, "closed this as duplicate of WALL-7"),
    ("closed", {"reason": None}, "closed this as completed"),
    ("described", {"old": 3, "new": 4}, "changed the description"),
]


@pytest.mark.parametrize(("kind", "data", "words"), EVENTS)
def test_every_event_is_told_in_words(app, browser, ada, issue, kind, data, words):
    with app.app_context(), transacting():
        db.session.execute(db.update(Event).values(kind=kind, data=data))
    assert lines(browser(ada).get(URL)) == [f"Ada {words} just now"]


def test_a_deleted_comment_leaves_a_mark(api, browser, ada, make, issue, later):
    made = api(ada).post(f"{URL}/comments", {"body": "Secret"})
    admin = make.person("Grace", is_admin=True)
    api(admin).delete(f"{URL}/comments/{made['id']}")
    page = browser(ada).get(URL)
    assert lines(page) == ["A comment by Ada was deleted by Grace just now Restore the comment of Ada"]
    assert f"c{made['id']}" in page.ids
    assert page.says("0 comments")
    assert "Secret" not in page.text


def test_who_may_not_restore_it_is_not_offered_to(api, browser, ada, make, issue):
    made = api(ada).post(f"{URL}/comments", {"body": "Secret"})
    api(ada).delete(f"{URL}/comments/{made['id']}")
    viewer = make.person("Vera")
    api(ada).patch("/projects/WALL", {"visibility": "public"})
    assert lines(browser(viewer).get(URL)) == ["A comment by Ada was deleted by Ada just now"]


@pytest.fixture
def long(app, ada, issue):
    """Three hundred comments and as many events, a minute apart, taking turns."""
    with app.app_context(), transacting():
        for table, values in (("comments", "body) SELECT {}, 'Comment ' || n || '.'"),
                              ("events", "project_id, change_id, kind, data) SELECT {}, {p}, gen_random_uuid(), 'renamed', "
                               "jsonb_build_object('old', 'x', 'new', 'Title ' || n)")):  # fmt: skip
            by = "author_id" if table == "comments" else "actor_id"
            chosen = values.format(f"{issue.id}, {ada.id}, now() + n * interval '1 minute'", p=issue.project_id)
            db.session.execute(
                db.text(f"INSERT INTO {table} (issue_id, {by}, created_at, {chosen} FROM generate_series(1, 300) n")
            )
        db.session.execute(db.text(f"UPDATE issues SET comment_count = 300 WHERE id = {issue.id}"))


def test_a_long_timeline_shows_its_ends(browser, ada, long):
    page = browser(ada).get(URL)
    told = lines(page)
    assert len(told) == 20 + 1 + 60
    assert told[20] == "Show 520 older"
    assert page.says("Comment 10.")
    assert not page.says("Comment 11.")
    assert not page.says("Comment 270.")
    assert page.says("Comment 271.")
    assert page.says("to Title 300")


def test_it_can_be_read_whole_in_pages(browser, ada, long):
    someone = browser(ada)
    page, told = someone.get(f"{URL}?timeline=all"), []
    while True:
        entries = lines(page)
        told += [line for line in entries if not line.startswith("Show what")]
        onward = re.search(r'rel="next" href="([^"]+)">Show what followed', page.text)
        if not onward:
            break
        assert len(entries) <= 202
        page = someone.get(onward.group(1).replace("&amp;", "&"))
    assert len(told) == 600
    assert [f" Comment {number}. " in line for number, line in enumerate(told[::2], 1)] == [True] * 300


def test_a_comment_in_the_fold_is_led_to(browser, api, ada, long):
    comment = api(ada).get(f"{URL}/comments?limit=100")["items"][99]
    someone = browser(ada)
    page = someone.get(someone.get(f"{URL}/comments/{comment['id']}", status=303).location)
    assert lines(page)[0] == "Show what came before"
    assert " Comment 100. " in lines(page)[1]


def test_a_page_of_it_costs_what_a_short_one_does(browser, ada, long, statements):
    someone = browser(ada)
    for url in (URL, f"{URL}?timeline=all"):
        someone.get(url)
        statements.clear()
        someone.get(url)
        assert len([one for one in statements if "SAVEPOINT" not in one]) <= 8


@pytest.mark.parametrize("word", ["x", "WzAsMV0", "WzAsIngiLDAsMV0"])
def test_a_forged_cursor_is_refused(browser, ada, issue, word):
    browser(ada).get(f"{URL}?timeline=all&cursor={word}", status=422)
