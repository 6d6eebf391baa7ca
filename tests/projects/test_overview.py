"""The overview of a project: how it is doing, at a glance."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from webapp.db import transacting

URL = "/projects/WALL/issues"


@pytest.fixture
def wall(make, ada):
    return make.project(ada, key="WALL")


def day(days):
    return str(datetime.now(UTC).date() + timedelta(days=days))


def test_it_tells_what_came_and_went_and_what_presses(api, browser, ada, wall):
    for fields in ({"due_on": day(-1)}, {"assignees": [ada.id]}, {}):
        api(ada).post(URL, {"title": "A stone", **fields})
    api(ada).patch(f"{URL}/3", {"state": "closed"})
    page = browser(ada).get("/projects/WALL")
    for told in ("2 open", "3 opened this week", "1 closed this week", "1 overdue", "1 unassigned", "1 closed"):
        assert page.says(told)
    assert page.says("0 the week before")
    for query in ("is:overdue", "is:open+is:unassigned", "is:closed", "is:open"):
        assert f"{URL}?q={query}" in page.links
    assert any(link.startswith(f"{URL}?q=is:all+closed:") for link in page.links)


def test_the_numbers_are_those_of_the_lists_that_they_lead_to(api, browser, ada, wall):
    for number in range(3):
        api(ada).post(URL, {"title": "A stone", "due_on": day(-number)})
    api(ada).patch(f"{URL}/3", {"assignees": [ada.id]})
    page = browser(ada).get("/projects/WALL")
    for query, words in (("is:overdue", "overdue"), ("is:open is:unassigned", "unassigned")):
        assert page.says(f"{api(ada).get(URL, query_string={'q': query})['total']} {words}")


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "1 day left"), (9, "9 days left"), (-2, "overdue")])
def test_the_milestone_that_is_due_next_is_the_current_one(api, browser, ada, wall, days, words):
    for title, due in (("Later", day(30)), ("Next", day(days)), ("Some day", None)):
        api(ada).post("/projects/WALL/milestones", {"title": title, "due_on": due})
    api(ada).post(URL, {"title": "A stone", "milestone": api(ada).get("/projects/WALL/milestones")["items"][0]["id"]})
    page = browser(ada).get("/projects/WALL")
    assert page.says("Next")
    assert page.says(words)
    assert page.says("0 of 1 closed")
    assert not page.says("Some day")


def test_what_waits_longest_is_named_and_nothing_if_all_is_done(app, api, browser, ada, wall):
    for title in ("The first", "The second"):
        api(ada).post(URL, {"title": title})
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE issues SET updated_at = updated_at - interval '40 days' WHERE number = 2"))
    page = browser(ada).get("/projects/WALL")
    assert "WALL-2" in page.text[page.text.index('id="waiting"') : page.text.index('id="latest"')]
    for number in (1, 2):
        api(ada).patch(f"{URL}/{number}", {"state": "closed"})
    page = browser(ada).get("/projects/WALL")
    assert not page.says("Waiting longest")
    assert page.says("No milestone is open.")


def test_an_empty_project_leads_to_its_first_issue_and_to_those_who_join(browser, ada, wall):
    page = browser(ada).get("/projects/WALL")
    assert page.says("No issues yet")
    assert "/projects/WALL/issues/new" in page.links
    assert "/projects/WALL/members#new" in page.links
