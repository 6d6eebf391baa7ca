"""Milestones: what is to be reached together."""

import pytest
from sqlalchemy import func, select

from webapp import eyes
from webapp.db import db
from webapp.milestones import repository
from webapp.models.issues import Issue

URL = "/projects/WALL/milestones"
ISSUES = "/projects/WALL/issues"


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def first(api, ada, project):
    return api(ada).post(URL, {"title": "1.0", "due_on": "2026-12-24"})["id"]


def test_it_counts_its_issues(api, ada, first):
    for number in range(3):
        api(ada).post(ISSUES, {"title": f"Issue {number}", "milestone": first})
    api(ada).patch(f"{ISSUES}/1", {"state": "closed"})
    found = api(ada).get(f"{URL}/{first}")
    assert (found["open_issues"], found["closed_issues"]) == (2, 1)


@pytest.mark.parametrize(
    "who", ["owner", "member", "author", "assignee", "stranger", "admin", "in this project", "elsewhere"]
)
def test_it_counts_what_whoever_asks_sees(app, api, ada, make, who):
    """As their rows are counted one by one."""
    project = make.project(ada, key="WALL", visibility="public")
    people = {"owner": ada, "member": make.member(project, "member"), "author": make.member(project, "reporter")}
    people |= {"assignee": make.member(project, "viewer"), "stranger": make.person("Eve")}
    people["admin"] = make.person("Root", is_admin=True)
    limits = {"in this project": [project.id], "elsewhere": [0]}
    ids = [api(ada).post(URL, {"title": title})["id"] for title in ("1.0", "2.0")]
    for number in range(16):
        author = people["author"] if number % 3 == 0 else ada
        private = {"private": True} if number & 4 else {}
        issue = api(author).post(ISSUES, {"title": f"Issue {number}", **private})["number"]
        plan = {"milestone": ids[number % 2], "assignees": [people["assignee"].id] if number % 5 == 0 else []}
        api(ada).patch(f"{ISSUES}/{issue}", plan)
        if number & 2:
            api(ada).patch(f"{ISSUES}/{issue}", {"state": "closed"})
    api(ada).delete(f"{ISSUES}/5")
    api(ada).delete(f"{ISSUES}/1")
    with app.app_context(), eyes.through(people.get(who, ada).id, limits.get(who)):
        rows = repository.of_project(project.id, None)
        each = select(Issue.milestone_id, Issue.state, func.count()).where(Issue.deleted_at.is_(None))
        found = db.session.execute(each.group_by(Issue.milestone_id, Issue.state)).all()
    counts = {(id, state): number for id, state, number in found}
    told = {(row.id, row.open_issues, row.closed_issues) for row in rows}
    assert told == {(row.id, counts.get((row.id, "open"), 0), counts.get((row.id, "closed"), 0)) for row in rows}


def test_an_issue_tells_its_milestone_and_leaves_it(api, ada, first):
    issue = api(ada).post(ISSUES, {"title": "x", "milestone": first})
    assert issue["milestone"] == {"id": first, "title": "1.0"}
    assert api(ada).patch(f"{ISSUES}/1", {"milestone": None})["milestone"] is None
    data = api(ada).get(f"{ISSUES}/1/events")["items"][-1]["data"]
    assert (data["old"], data["new"]) == ("1.0", None)


def test_one_of_another_project_is_refused(api, ada, make, first):
    make.project(ada, key="OTHER")
    api(ada).post("/projects/OTHER/issues", {"title": "x", "milestone": first}, status=422)


def test_closing_it_moves_the_open_issues_on(api, ada, first):
    second = api(ada).post(URL, {"title": "2.0"})["id"]
    for number in range(2):
        api(ada).post(ISSUES, {"title": f"Issue {number}", "milestone": first})
    api(ada).patch(f"{ISSUES}/1", {"state": "closed"})
    closed = api(ada).patch(f"{URL}/{first}", {"state": "closed", "move_to": second})
    assert (closed["state"], closed["open_issues"], closed["closed_issues"]) == ("closed", 0, 1)
    assert api(ada).get(f"{ISSUES}/2")["milestone"]["title"] == "2.0"
    assert api(ada).get(f"{ISSUES}/2/events")["items"][-1]["kind"] == "milestoned"


@pytest.mark.parametrize("to", ["itself", "closed", "unknown"])
def test_open_issues_go_on_only_to_another_open_one(api, ada, first, to):
    closed = api(ada).post(URL, {"title": "0.9"})["id"]
    api(ada).patch(f"{URL}/{closed}", {"state": "closed"})
    target = {"itself": first, "closed": closed, "unknown": 2**62}[to]
    problem = api(ada).patch(f"{URL}/{first}", {"state": "closed", "move_to": target}, status=422)
    assert problem["errors"][0]["field"] == "move_to"
    assert api(ada).get(f"{URL}/{first}")["state"] == "open"


def test_deleting_it_leaves_the_issues(api, ada, first):
    api(ada).post(ISSUES, {"title": "x", "milestone": first})
    api(ada).delete(f"{URL}/{first}")
    assert api(ada).get(f"{ISSUES}/1")["milestone"] is None
    api(ada).get(f"{URL}/{first}", status=404)


def test_a_title_is_taken_in_any_case_and_a_version_outdated(api, ada, first):
    api(ada).post(URL, {"title": "beta"})
    assert api(ada).post(URL, {"title": "BETA"}, status=409)["errors"][0]["field"] == "title"
    api(ada).patch(f"{URL}/{first}", {"title": "1.1", "version": 1})
    api(ada).patch(f"{URL}/{first}", {"title": "1.2", "version": 1}, status=409)


def test_the_pages_do_the_same(browser, api, ada, project):
    someone = browser(ada)
    at = someone.post(URL, {"title": "1.0", "due_on": "2020-02-29", "description": "**All** of it"}).location
    page = someone.get(at)
    assert page.says("overdue")
    assert "<strong>All</strong>" in page.text
    someone.post(ISSUES, {"title": "A part", "milestone": at.rpartition("/")[2], "status": "Todo"})
    assert someone.get(at).says("A part")
    assert someone.get(URL).says("0 of 1 closed")
    assert someone.post(at, {"title": ""}, status=422).says("Title is required")
    someone.post(at, {"state": "closed"})
    assert api(ada).get(at)["state"] == "closed"
    assert someone.get(f"{ISSUES}/1/milestone").says("1.0 (closed)")
    someone.post(f"{at}/delete")
    assert api(ada).get(URL)["items"] == []


@pytest.mark.parametrize(("role", "status"), [("reporter", 403), ("member", 201)])
def test_members_change_them(api, make, project, role, status):
    api(make.member(project, role)).post(URL, {"title": "New"}, status=status)


def test_the_page_opens_on_what_is_open_and_says_of_what_there_is_none(browser, api, ada, first):
    spring = api(ada).post(URL, {"title": "Spring"})["id"]
    api(ada).patch(f"{URL}/{first}", {"state": "closed"})
    page = browser(ada).get(URL)
    assert f"{URL}/{spring}" in page.links
    assert f"{URL}/{first}" not in page.links
    for state, listed in (("closed", [first]), ("all", [spring, first])):
        links = browser(ada).get(f"{URL}?state={state}").links
        assert [one for one in (spring, first) if f"{URL}/{one}" in links] == listed
    api(ada).delete(f"{URL}/{spring}")
    assert browser(ada).get(URL).says("No open milestones")
    assert len(api(ada).get(URL)["items"]) == 1


def test_its_page_tells_what_it_is_for_first_and_names_it_in_no_row(browser, api, ada, first):
    api(ada).patch(f"{URL}/{first}", {"description": "Stones for the wall."})
    api(ada).post(ISSUES, {"title": "A stone", "milestone": first})
    text = browser(ada).get(f"{URL}/{first}").text
    assert text.index("Stones for the wall.") < text.index('<figure class="chart"')
    assert "<bdi>1.0</bdi>" not in text[text.index('<ul class="issues"') :]
