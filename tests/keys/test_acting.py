"""Without a script the palette is a page: what can be done where one comes from, as links and buttons."""

import re

import pytest

AT = "/projects/WALL/issues/1"


@pytest.fixture
def project(make, ada):
    project = make.project(ada, key="WALL", name="Dry stone wall", visibility="internal")
    make.issue(project, ada, title="Frost heaves the coping")
    return project


@pytest.fixture
def issue(api, ada):
    return lambda: api(ada).get(AT)


def form(page, name):
    """Where the button with this name sends its form, and its fields."""
    forms = re.findall(r'<form method="post" action="([^"]+)"(.*?)</form>', page.text, re.DOTALL)
    ((to, inside),) = [one for one in forms if f">{name}</button>" in one[1]]
    fields = re.findall(r'name="(\w+)"(?: dir="auto")? value="([^"]*)"', inside)
    names = dict.fromkeys(name for name, _ in fields if name not in ("csrf_token", "form_key"))
    return to, {one: [value for name, value in fields if name == one] for one in names}


def press(here, name, q=""):
    return here.post(*form(here.get("/palette", query_string={"at": AT, "q": q}), name))


@pytest.mark.parametrize(
    ("q", "name", "field", "value"),
    [
        ("priority high", "Priority: High", "priority", "high"),
        ("high", "Priority: High", "priority", "high"),
        ("status prog", "Status: In progress", "status", "In progress"),
        ("", "Close as not planned", "close_reason", "not_planned"),
        ("close", "Close as completed", "state", "closed"),
    ],
)
def test_a_button_does_what_it_says(browser, ada, project, issue, q, name, field, value):
    press(browser(ada), name, q)
    assert issue()[field] == value


def test_a_closed_issue_is_opened_again(browser, ada, project, issue):
    here = browser(ada)
    press(here, "Close as completed")
    press(here, "Reopen")
    assert issue()["state"] == "open"


def test_an_issue_becomes_mine_beside_whom_it_has(browser, make, ada, api, project, issue):
    member = make.member(project, "member")
    api(ada).patch(AT, {"assignees": [member.id]})
    press(browser(ada), "Assign to me")
    assert {one["id"] for one in issue()["assignees"]} == {member.id, ada.id}


def test_it_is_known_which_page_one_comes_from(browser, ada, project):
    here = browser(ada)
    response = here.client.get(
        "/palette", headers={"Accept": "text/html", "Referer": f"http://localhost{AT}?q=is:open"}
    )
    assert f"{AT}/priority" in response.text
    assert f'value="{AT}"' in response.text  # and still when something is sought


def test_links_lead_to_what_needs_a_form(browser, ada, project):
    links = browser(ada).get(f"/palette?at={AT}").links
    for path in ("/priority", "/labels", "/dates", "/closure", "/move", "/edit", "/delete", "#commenting"):
        assert f"{AT}{path}" in links
    assert "/projects/WALL/edit" in links


def test_nobody_is_offered_what_they_may_not(browser, make, ada, eve, project):
    page = browser(eve).get(f"/palette?at={AT}")
    assert page.says("Comment")
    for name in ("Priority", "Close", "Assign", "Move", "Delete", "Settings"):
        assert not page.says(name)
    assert "<button" not in browser().get(f"/palette?at={AT}").text.partition("<h2")[2]


@pytest.mark.parametrize(
    "at", ["/projects/VEIL/issues/1", "/projects/WALL/issues/99", "/projects/WALL/issues/1x", "//"]
)
def test_a_place_that_one_does_not_see_is_no_place(browser, make, ada, eve, project, at):
    make.issue(make.project(ada, key="VEIL", name="Veiled"), ada, title="Secret")
    page = browser(eve).get(f"/palette?at={at}")
    assert not page.says("Secret")
    assert "/priority" not in page.text


def test_issues_of_the_project_at_hand_come_first(api, make, ada, project):
    other = make.project(ada, key="GATE")
    for _ in range(9):
        make.issue(other, ada, title="Coping")
    keys = [one["key"] for one in api(ada).get("/palette?q=coping&at=/projects/WALL/board")["items"]]
    assert keys[:2] == ["WALL-1", "GATE-9"]
    assert [one["key"] for one in api(ada).get("/palette?q=%231&at=/projects/WALL")["items"]][:1] == ["WALL-1"]


def test_without_letters_it_has_what_was_looked_at_lately(browser, make, ada, project, api):
    make.issue(project, ada, title="Moss")
    here = browser(ada)
    for number in (1, 2):
        here.get(f"/projects/WALL/issues/{number}")
    page = here.get("/palette")
    assert page.says("Recent issues")
    assert page.text.index("Moss") < page.text.index("Frost heaves")
    assert page.text.count('issues/1"') == 1
    there = here.get(f"/palette?at={AT}")
    assert f'href="{AT}"' not in there.text  # one is there already
    api(ada).delete("/projects/WALL/issues/2")
    assert not here.get("/palette").says("Moss")
