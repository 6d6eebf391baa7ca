"""Whoever makes their first project is led on: to its first issue, to other people, and past both."""

import pytest

NEW, ISSUE, PEOPLE = "/projects/WALL", "/projects/WALL/issues/new?step=2", "/projects/WALL/members?step=3"


@pytest.fixture
def begun(browser, ada):
    someone = browser(ada)
    assert someone.post("/projects", {"name": "Wall", "key": "WALL"}).location == ISSUE
    return someone


def test_the_first_project_leads_to_its_first_issue_then_to_people_then_to_itself(begun, eve):
    page = begun.get(ISSUE)
    assert page.says("Step 2 of 3 · Skip")
    assert PEOPLE in page.links
    assert begun.post("/projects/WALL/issues?step=2", {"title": "Stone"}).location == PEOPLE
    assert begun.get(PEOPLE).says("Step 3 of 3 · Skip to the project")
    there = begun.post("/projects/WALL/members?step=3", {"email": eve.email, "role": "member"})
    assert there.location == NEW
    assert begun.get(NEW).says("Stone")


def test_the_forms_carry_the_step_also_when_they_are_shown_again(begun):
    assert 'action="/projects/WALL/issues?step=2"' in begun.get(ISSUE).text
    again = begun.post("/projects/WALL/issues?step=2", {"title": ""}, status=422)
    look = begun.post("/projects/WALL/issues/preview?step=2", {"title": "Stone", "body": "*x*"}, status=200)
    for page in (again, look):
        assert page.says("Step 2 of 3")
        assert 'action="/projects/WALL/issues?step=2"' in page.text
    assert begun.post("/projects/WALL/members?step=3", {"email": "", "role": "member"}, status=422).says(
        "Step 3 of 3"
    )


def test_the_first_page_says_how_many_there_are(browser, ada):
    page = browser(ada).get("/projects/new")
    assert page.says("Step 1 of 3 · Skip")
    assert not browser(ada).post("/projects", {"name": ""}, status=422).location


def test_an_invitation_s_link_is_shown_before_it_goes_on(begun):
    page = begun.post("/projects/WALL/members?step=3", {"email": "new@example.com", "role": "member"}, status=200)
    assert page.says("Send this link to")
    assert page.says("Step 3 of 3 · Go to the project")


def test_who_has_been_through_does_not_see_it_again(begun, ada, eve, api):
    api(ada).post("/projects/WALL/issues", {"title": "Stone"})
    assert not begun.get(ISSUE).says("Step 2")
    assert begun.post("/projects/WALL/issues?step=2", {"title": "Brick"}).location == "/projects/WALL/issues/2"
    api(ada).post("/projects/WALL/members", {"email": eve.email, "role": "member"})
    assert not begun.get(PEOPLE).says("Step 3")
    assert not begun.get("/projects/new").says("Step 1")
    assert begun.post("/projects", {"name": "Fence", "key": "FENCE"}).location == "/projects/FENCE"


def test_another_person_and_another_client_are_led_nowhere(begun, browser, api, ada, eve):
    api(ada).patch("/projects/WALL", {"visibility": "public"})
    assert not browser(eve).get(ISSUE).says("Step 2")
    assert not browser(eve).get(PEOPLE).says("Step 3")
    made = api(eve).send("POST", "/projects", json={"name": "Fence", "key": "FENCE"})
    assert made.headers["Location"] == "/projects/FENCE"


def test_a_step_is_named_on_its_own_page_alone(begun):
    assert not begun.get("/projects/WALL/issues/new?step=3").says("Step")
    assert not begun.get("/projects/WALL/members?step=2").says("Step")
    assert begun.post("/projects/WALL/issues?step=3", {"title": "Stone"}).location == "/projects/WALL/issues/1"
