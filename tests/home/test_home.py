"""The first page: what waits for somebody, without asking much of the database."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from webapp.db import db, transacting
from webapp.lists import words

URL = "/projects/WALL/issues"


@pytest.fixture
def wall(api, ada, eve, make):
    make.project(ada, key="WALL")
    api(ada).post("/projects/WALL/members", {"email": eve.email, "role": "member"})


def numbers(found, section):
    return [issue["number"] for issue in found[section]]


def test_what_is_assigned_comes_by_priority_then_due(api, ada, eve, wall):
    today = datetime.now(UTC).date()
    for fields in (
        {"priority": "low"},
        {"priority": "urgent", "due_on": f"{today + timedelta(days=40)}"},
        {"priority": "urgent", "due_on": f"{today + timedelta(days=30)}"},
    ):
        api(eve).post(URL, {"title": "A stone", "assignees": [ada.id], **fields})
    api(eve).post(URL, {"title": "Done", "assignees": [ada.id]})
    api(eve).patch(f"{URL}/4", {"state": "closed"})
    assert numbers(api(ada).get("/"), "assigned") == [3, 2, 1]
    assert numbers(api(eve).get("/"), "assigned") == []


def test_who_is_named_is_waited_for(api, ada, eve, wall):
    handle = api(ada).get("/auth/me")["handle"]
    api(eve).post(URL, {"title": "A question", "body": f"@{handle}, which stone?"})
    api(eve).post(URL, {"title": "Another"})
    api(eve).post(f"{URL}/2/comments", {"body": f"@{handle} as well"})
    api(ada).post(f"{URL}/2/comments", {"body": f"@{handle} to myself"})
    assert numbers(api(ada).get("/"), "mentioned") == [2, 1]
    api(eve).patch(f"{URL}/2", {"state": "closed"})
    assert numbers(api(ada).get("/"), "mentioned") == [1]


@pytest.fixture
def in_three(api, ada, make):
    """Three projects with an issue of Ada's in each, which has a label."""
    for key in ("ONE", "TWO", "SIX"):
        make.project(ada, key=key)
        api(ada).post(f"/projects/{key}/labels", {"name": f"of {key}"})
        api(ada).post(f"/projects/{key}/issues", {"title": "A stone", "labels": [f"of {key}"], "assignees": [ada.id]})


def assigned(client):
    return [
        (one["key"], [label["name"] for label in one["labels"]], one["author"]["name"])
        for one in client.get("/")["assigned"]
    ]


def test_issues_of_several_projects_are_told_in_their_words(api, ada, in_three, statements):
    client = api(ada)
    assert assigned(client) == [(f"{key}-1", [f"of {key}"], "Ada") for key in ("SIX", "TWO", "ONE")]
    statements.clear()
    assigned(client)
    known = len(statements)
    client.patch("/auth/me", {"name": "Ada L."})
    statements.clear()
    assert assigned(client) == [(f"{key}-1", [f"of {key}"], "Ada L.") for key in ("SIX", "TWO", "ONE")]
    assert len(statements) == known + 1  # which reads the words of all of them


def test_an_issue_whose_words_have_just_gone_is_read_with_them(api, ada, in_three, monkeypatch):
    client = api(ada)
    told = client.get("/")
    words._kept.clear()
    monkeypatch.setattr(words, "of_each", lambda wanted: [None] * len(wanted))
    assert client.get("/") == told


def test_what_is_due_within_a_week_is_told(api, ada, eve, wall):
    today = datetime.now(UTC).date()
    for days in (-2, 5, 9):
        api(ada).post(URL, {"title": "Mine", "due_on": f"{today + timedelta(days=days)}"})
    api(eve).post(URL, {"title": "Given", "due_on": f"{today}", "assignees": [ada.id]})
    api(eve).post(URL, {"title": "Another's", "due_on": f"{today}"})
    assert numbers(api(ada).get("/"), "due") == [1, 4, 2]
    assert numbers(api(ada).get("/"), "reported") == [3, 2, 1]


def test_what_was_looked_at_is_remembered_by_the_browser(browser, ada, eve, wall, make, api):
    for number in range(1, 4):
        api(ada).post(URL, {"title": f"Stone {number}"})
    someone = browser(ada)
    for number in (1, 2, 1):
        someone.get(f"{URL}/{number}")
    someone.get(f"{URL}/3", environ_overrides={"HTTP_SEC_PURPOSE": "prefetch"})
    page = someone.get("/")
    viewed = page.text[page.text.index('id="viewed"') : page.text.index('id="projects"')]
    assert viewed.index("WALL-1") < viewed.index("WALL-2")
    assert "WALL-3" not in viewed
    assert not browser(ada).get("/").says("Recently viewed")
    someone.post("/auth/logout")
    assert not any(cookie.startswith("cairn-viewed") for cookie in map(str, someone.client._cookies))


def test_another_at_the_same_browser_sees_nothing_of_it(app, browser, ada, eve, wall, api):
    api(ada).post(URL, {"title": "Stone"})
    theirs = browser(eve)
    theirs.client.set_cookie(theirs.cookie("cairn-viewed"), f"{ada.id}:1")
    assert not theirs.get("/").says("Recently viewed")
    theirs.client.set_cookie(theirs.cookie("cairn-viewed"), f"{eve.id}:x.{'9' * 30}.-1.１")
    assert not theirs.get("/").says("Recently viewed")


def test_what_is_hidden_stays_hidden(api, browser, ada, eve, wall):
    api(ada).post(URL, {"title": "Veiled", "assignees": [eve.id]})
    someone = browser(eve)
    someone.get(f"{URL}/1")
    assert someone.get("/").says("Veiled")
    api(ada).delete(f"/projects/WALL/members/{eve.id}")
    page = someone.get("/")
    assert not page.says("Veiled")
    assert api(eve).get("/")["activity"] == []


def test_activity_tells_events_and_comments(api, browser, ada, eve, wall):
    api(ada).post(URL, {"title": "A stone"})
    api(eve).patch(f"{URL}/1", {"priority": "high"})
    comment = api(eve).post(f"{URL}/1/comments", {"body": "Seen."})
    assert {deed["kind"] for deed in api(ada).get("/")["activity"]} == {"commented", "prioritised", "opened"}
    page = browser(ada).get("/")
    assert f"{URL}/1#c{comment['id']}" in page.links


def test_activity_misses_nothing_that_was_said_before_much_that_is_not_told(api, ada, eve, wall):
    for title in ("A stone", "Another"):
        api(ada).post(URL, {"title": title})
    api(eve).post(f"{URL}/1/comments", {"body": "Seen."})
    for number in range(3, 30):
        api(ada).post(URL, {"title": "Not for long"})
        api(ada).delete(f"{URL}/{number}")
    deeds = api(ada).get("/")["activity"]
    assert [deed["number"] for deed in deeds if deed["kind"] == "commented"] == [1]
    assert {deed["number"] for deed in deeds} <= {1, 2}


def test_what_one_act_did_is_told_as_it_happened_the_last_first(app, api, ada, wall):
    api(ada).post(URL, {"title": "A stone"})
    for number in range(20):
        api(ada).patch(f"{URL}/1", {"priority": ("high", "low")[number % 2], "title": f"Stone {number}"})
    api(ada).post(f"{URL}/1/comments", {"body": "Granite."})
    with app.app_context(), transacting() as session:
        # One moment for all of them, and a comment that was written later.
        session.execute(text("UPDATE events SET created_at = '2026-01-01'"))
        wanted = session.execute(text("SELECT data ->> 'to' FROM events ORDER BY id DESC")).scalars().all()
    told = [deed["data"].get("to") for deed in api(ada).get("/")["activity"]]
    assert told == [None, *wanted[: len(told) - 1]]


def test_activity_is_the_latest_of_all_projects_in_order(app, api, ada, wall, make):
    make.project(ada, key="SCREE")
    for number in range(1, 13):
        for key in ("WALL", "SCREE"):
            api(ada).post(f"/projects/{key}/issues", {"title": f"Stone {number}"})
            api(ada).post(f"/projects/{key}/issues/{number}/comments", {"body": "Seen."})
    with app.app_context(), transacting() as session:
        # An hour for each issue, in which it is opened and then commented on.
        hour = "'2026-01-01'::timestamptz + issue_id * interval '1 hour'"
        session.execute(db.text(f"UPDATE events SET created_at = {hour}"))
        session.execute(db.text(f"UPDATE comments SET created_at = {hour} + interval '1 minute'"))
        session.execute(
            db.text(f"UPDATE issues SET updated_at = {hour.replace('issue_id', 'id')} + interval '1 minute'")
        )
    deeds = api(ada).get("/")["activity"]
    told = [(deed["project_key"], deed["number"], deed["kind"]) for deed in deeds]
    expected = [
        (key, number, kind)
        for number in range(12, 7, -1)
        for key in ("SCREE", "WALL")
        for kind in ("commented", "opened")
    ]
    assert told == expected


def test_a_desk_without_work_says_so_once(api, browser, ada, wall):
    api(ada).patch("/auth/me", {"time_zone": "Europe/Zurich"})
    page = browser(ada).get("/")
    assert page.says("All done")
    assert "/issues?q=is:open+no:assignee" in page.links


def test_an_issue_stands_on_the_desk_once_where_it_presses_most(api, browser, ada, eve, wall):
    handle, today = api(ada).get("/auth/me")["handle"], datetime.now(UTC).date()
    pressing = {"title": "A late stone", "due_on": f"{today - timedelta(days=1)}", "assignees": [ada.id]}
    api(eve).post(URL, {**pressing, "body": f"@{handle}, see"})
    api(eve).post(URL, {"title": "A question", "body": f"@{handle}, see", "assignees": [ada.id]})
    api(eve).post(URL, {"title": "A plain stone", "assignees": [ada.id]})
    page = browser(ada).get("/")
    desk = page.text[: page.text.index('id="projects"')]
    parts = [
        desk.index(mark) for mark in ('id="due"', "WALL-1<", 'id="waiting"', "WALL-2<", 'id="assigned"', "WALL-3<")
    ]
    assert parts == sorted(parts)
    assert [desk.count(f"WALL-{number}<") for number in (1, 2, 3)] == [1, 1, 1]


def test_what_one_reported_is_shown_where_nothing_waits(api, browser, ada, eve, wall):
    api(ada).post(URL, {"title": "Mine"})
    assert 'id="reported"' in browser(ada).get("/").text
    api(eve).post(URL, {"title": "Given", "assignees": [ada.id]})
    page = browser(ada).get("/")
    assert 'id="reported"' not in page.text
    assert "/issues?q=is:open+author:@me" in page.links


def test_news_is_told_by_day_and_once_for_what_one_did_at_a_time(app, api, browser, ada, eve, wall):
    for number in (1, 2):
        api(ada).post(URL, {"title": f"Stone {number}"})
    with app.app_context(), transacting() as session:
        session.execute(db.text("UPDATE events SET created_at = now() - interval '1 day'"))
    api(eve).patch(f"{URL}/1", {"priority": "high"})
    api(eve).patch(f"{URL}/1", {"state": "closed"})
    page = browser(ada).get("/")
    assert page.text.index("<h3>Today</h3>") < page.text.index("<h3>Yesterday</h3>")
    assert page.says("closed this as completed")
    assert re.search(r"and \d more", page.text)
    assert not page.says("set the priority")


def test_the_first_run_leads_to_the_first_project(browser, ada):
    assert browser(ada).get("/").says("Create the first project")


def test_nobody_sees_what_is_public(api, browser, ada, make):
    make.issue(make.project(ada, key="SHOW", visibility="public"), ada, title="To be seen")
    make.issue(make.project(ada, key="VEIL"), ada, title="Not to be seen")
    assert [issue["key"] for issue in api().get("/")["recent"]] == ["SHOW-1"]
    assert browser().get("/").says("To be seen")


def test_a_newcomer_is_led_by_steps_that_vanish(api, browser, ada, eve, make):
    make.issue(make.project(eve, key="SHOW", visibility="public"), eve)
    someone = browser(ada)
    page = someone.get("/")
    assert all(page.says(step) for step in ("Look around in", "Create a project", "Set your time zone"))
    assert not page.says("All done")
    someone.get("/projects/SHOW/issues/1")
    assert not someone.get("/").says("Look around in")
    make.project(ada, key="WALL")
    page = someone.get("/")
    assert not page.says("Create a project")
    someone.post("/auth/me", {"time_zone": "Europe/Zurich"})
    page = someone.get("/")
    assert not page.says("First steps")
    assert page.says("All done")


def test_who_is_in_utc_may_say_so(api, browser, ada, make):
    make.project(ada, key="WALL")
    someone = browser(ada)
    api(ada).patch("/auth/me", {"name": "Ada L."})
    assert someone.get("/").says("Set your time zone")
    someone.post("/auth/me", {"time_zone": "UTC"})
    assert not someone.get("/").says("First steps")


def test_who_is_here_for_long_is_shown_no_first_steps(app, browser, ada, eve, make):
    make.project(eve, key="SHOW", visibility="public")
    with app.app_context(), transacting() as session:
        session.execute(db.text("UPDATE users SET created_at = created_at - interval '15 days'"))
    assert not browser(ada).get("/").says("First steps")
