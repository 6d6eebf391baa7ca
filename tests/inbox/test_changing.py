import html
import re
from datetime import UTC, datetime, timedelta

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
    """The ids of the rows of two issues, the last told first."""
    for number in (1, 2):
        tell(app, bob, make.issue(project, ada, title=f"Stone {number}"))


def ids(api, bob, q=""):
    return [one["id"] for one in api(bob).get("/inbox", query_string={"q": q})["items"]]


def state(api, bob):
    """All rows as they are, without what their issues say."""
    kept = ("id", "unread", "first_unread", "done", "snoozed_until", "muted")
    return [{name: one[name] for name in kept} for one in api(bob).get("/inbox?q=is:all")["items"]]


CHANGES = [
    {"done": True},
    {"unread": False},
    {"snoozed_until": "tomorrow"},
    {"muted": True},
    {"done": True, "unread": False},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: " ".join(one))
def test_a_change_of_one_or_of_many_is_undone_as_a_whole(api, browser, bob, told, change):
    before = state(api, bob)
    done = api(bob).patch("/inbox", change)
    assert done["changed"] == 2
    assert state(api, bob) != before
    api(bob).post("/inbox/undo", {"change": done["change_id"]}, status=200)
    assert state(api, bob) == before
    api(bob).post("/inbox/undo", {"change": done["change_id"]}, status=404)
    one = browser(bob)
    words = {"True": "true", "False": "false"}
    one.post(f"/inbox/{before[0]['id']}", {name: words.get(str(value), value) for name, value in change.items()})
    assert state(api, bob)[1] == before[1]
    assert state(api, bob) != before
    page = one.get("/inbox")
    one.post("/inbox/undo", {"change": page.fields["change"]})
    assert state(api, bob) == before


@pytest.mark.parametrize("many", [False, True])
def test_an_undo_leads_back_to_the_same_list_and_row(api, browser, bob, told, many):
    item = ids(api, bob)[0]
    one = browser(bob)
    at = "/inbox?q=is:unread" if many else f"/inbox/{item}?q=is:unread"
    one.post(at, {"done": "true", **({"ids": [str(item)]} if many else {})})
    page = one.get("/inbox?q=is:unread")
    (button,) = re.findall(r'action="(/inbox/undo[^"]*)"', page.text)
    back = one.post(html.unescape(button), {"change": page.fields["change"]})
    assert back.location == f"/inbox?q=is:unread#i{item}"


def test_what_is_done_comes_back_with_the_next_event(api, app, bob, make, ada, project):
    issue = make.issue(project, ada)
    tell(app, bob, issue)
    (item,) = ids(api, bob)
    assert api(bob).patch(f"/inbox/{item}", {"done": True})["done"]
    assert ids(api, bob) == []
    assert ids(api, bob, "is:done") == [item]
    api(ada).patch("/projects/WALL/issues/1", {"priority": "high"})
    _, last = tell(app, bob, issue, last=1)
    (row,) = api(bob).get("/inbox")["items"]
    assert (row["done"], row["first_unread"]) == (False, last)
    assert [one["kind"] for one in row["events"]] == ["prioritised"]


def test_an_undo_hides_nothing_that_happened_meanwhile(api, app, bob, make, ada, project):
    issue = make.issue(project, ada)
    tell(app, bob, issue)
    (item,) = ids(api, bob)
    api(bob).patch(f"/inbox/{item}", {"done": True})
    back = api(bob).patch("/inbox?q=is:done", {"done": False})
    api(ada).patch("/projects/WALL/issues/1", {"priority": "high"})
    tell(app, bob, issue, last=1)
    api(bob).post("/inbox/undo", {"change": back["change_id"]}, status=200)
    assert ids(api, bob, "is:unread") == [item]


def test_what_sleeps_comes_back_by_itself(api, app, bob, told):
    first, second = ids(api, bob)
    soon = datetime.now(UTC) + timedelta(hours=1)
    assert api(bob).patch(f"/inbox/{first}", {"snoozed_until": soon.isoformat()})["snoozed_until"]
    assert ids(api, bob) == [second]
    assert ids(api, bob, "is:snoozed") == [first]
    with app.app_context(), transacting():
        db.session.execute(db.text("UPDATE inbox_items SET snoozed_until = now() WHERE snoozed_until IS NOT NULL"))
    assert ids(api, bob) == [first, second]
    assert ids(api, bob, "is:snoozed") == []
    api(bob).patch(f"/inbox/{first}", {"snoozed_until": None})


@pytest.mark.parametrize(
    "said", ["", "soon", "2020-01-01", "2020-01-01T10:00Z", "2026-13-01", "9999-12-31T23:59-12:00"]
)
def test_a_time_that_is_none_is_told(api, browser, bob, told, said):
    (first, _) = ids(api, bob)
    answer = api(bob).patch(f"/inbox/{first}", {"snoozed_until": said}, status=422)
    assert "must be later, tomorrow, next-week" in str(answer["errors"])
    page = browser(bob).post(f"/inbox/{first}", {"snoozed_until": "on", "on": said}, status=422)
    assert "There is a problem" in page.text


@pytest.mark.parametrize("said", ["", "soon", "2020-01-01"])
def test_a_day_that_is_none_stays_typed_on_its_page(api, browser, bob, told, said):
    (first, _) = ids(api, bob)
    page = browser(bob).post(f"/inbox/{first}/snooze", {"snoozed_until": said}, status=422)
    assert page.h1 == "Snooze WALL-2"
    assert page.fields["snoozed_until"] == said
    assert "snoozed_until" in page.ids  # where the sentence above the form leads
    browser(bob).post(f"/inbox/{first}/snooze", {"snoozed_until": "2030-03-31"})
    assert first not in ids(api, bob)


def test_a_day_that_is_none_lets_those_that_were_ticked_stay_so(api, browser, bob, told):
    _, second = ids(api, bob)
    sent = {"ids": ["", str(second)], "snoozed_until": "on", "on": "soon"}
    page = browser(bob).post("/inbox", sent, status=422)
    assert page.fields["on"] == "soon"
    ticked = re.findall(r'name="ids" value="(\d+)"[^>]* checked', page.text)
    assert ticked == [str(second)]
    assert "snoozed_until" in page.ids


def test_nothing_that_happened_meanwhile_is_done_with(api, app, bob, ada, make, project):
    issue = make.issue(project, ada)
    _, seen = tell(app, bob, issue)
    (item,) = ids(api, bob)
    api(ada).patch("/projects/WALL/issues/1", {"priority": "high"})
    tell(app, bob, issue, last=1)
    assert api(bob).patch("/inbox", {"done": True, "up_to": seen})["changed"] == 0
    refused = api(bob).patch(f"/inbox/{item}", {"done": True, "up_to": seen}, status=409)
    assert refused["detail"] == "Something more has happened to WALL-1. Look at it first."
    assert ids(api, bob) == [item]


def test_a_page_changes_what_is_ticked_or_all_that_match(api, browser, bob, told):
    first, second = ids(api, bob)
    one = browser(bob)
    page = one.post("/inbox", {"ids": "", "done": "true"}, status=422)
    assert "Tick some first, or choose all that match." in page.text
    one.post("/inbox", {"ids": ["", str(second)], "done": "true"})
    assert ids(api, bob) == [first]
    assert "1 issue is done." in one.get("/inbox").text
    one.post("/inbox?q=stone", {"ids": "", "every": "true", "done": "true"})
    assert ids(api, bob) == []


def test_who_acts_on_a_row_goes_on_with_the_next(api, browser, bob, told):
    first, second = ids(api, bob)
    page = browser(bob).get("/inbox")
    assert f"/inbox/{first}?then={second}" in page.text
    at = browser(bob).post(f"/inbox/{first}?then={second}&q=is:unread", {"done": "true"}).location
    assert at == f"/inbox?q=is:unread#i{second}"


def test_rows_of_others_are_not_there(api, ada, bob, eve, told):
    (first, _) = ids(api, bob)
    for who in (ada, eve):
        api(who).patch(f"/inbox/{first}", {"done": True}, status=404)
        api(who).get(f"/inbox/{first}", status=404)
        assert api(who).patch("/inbox", {"ids": [first], "done": True})["changed"] == 0
    change = api(bob).patch("/inbox", {"done": True})["change_id"]
    api(eve).post("/inbox/undo", {"change": change}, status=404)


def test_something_must_be_said(api, bob, told):
    (first, _) = ids(api, bob)
    assert "Say what is to become" in api(bob).patch(f"/inbox/{first}", {}, status=422)["detail"]
    api(bob).patch("/inbox", {"undone": True}, status=422)


def test_muting_is_heard_by_whoever_tells(api, app, bob, told):
    (first, _) = ids(api, bob)
    assert api(bob).patch(f"/inbox/{first}", {"muted": True})["muted"]
    with app.app_context():
        assert db.session.execute(db.text("SELECT level FROM issue_watches")).scalars().all() == ["nothing"]
    assert not api(bob).patch(f"/inbox/{first}", {"muted": False})["muted"]
    with app.app_context():
        assert db.session.execute(db.text("SELECT level FROM issue_watches")).scalars().all() == []
