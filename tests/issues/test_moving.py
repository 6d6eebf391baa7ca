"""An issue goes to another project; its old number leads to it."""

import pytest


@pytest.fixture
def wall(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture(autouse=True)
def scree(make, ada):
    return make.project(ada, key="SCREE")


@pytest.fixture
def moved(api, ada, make, wall):
    make.issue(wall, ada, title="A loose stone")
    return api(ada).post("/projects/WALL/issues/1/move", {"project": "scree"}, status=200)


def test_it_gets_the_next_number_there(api, ada, make, wall, scree):
    make.issue(scree, ada)
    make.issue(wall, ada)
    assert api(ada).post("/projects/WALL/issues/1/move", {"project": "SCREE"}, status=200)["key"] == "SCREE-2"


def test_the_old_number_leads_to_it(api, browser, ada, moved):
    response = api(ada).send("GET", "/projects/WALL/issues/1", status=308)
    assert response.headers["Location"] == "/projects/SCREE/issues/1"
    page = browser(ada).get("/projects/WALL/issues/1?timeline=all", status=308)
    assert page.location == "/projects/SCREE/issues/1?timeline=all"
    assert api(ada).send("PATCH", "/projects/WALL/issues/1", json={"title": "x"}, status=308)


def test_the_old_number_tells_nothing_to_who_does_not_see_the_new_project(api, make, wall, moved):
    viewer = make.member(wall, "viewer")
    api(viewer).get("/projects/WALL/issues/1", status=404)


def test_it_takes_along_what_is_there_by_name(api, ada, make, wall, scree):
    for project, names in ((wall, ("bug", "idea")), (scree, ("BUG",))):
        for name in names:
            make.label(project, ada, name)
    first = api(ada).post("/projects/WALL/milestones", {"title": "1.0"})["id"]
    for title in ("0.9", "1.0"):
        api(ada).post("/projects/SCREE/milestones", {"title": title})
    draft = {"title": "x", "labels": ["bug", "idea"], "milestone": first, "status": "In review"}
    api(ada).post("/projects/WALL/issues", {**draft, "assignees": [ada.id]})
    issue = api(ada).post("/projects/WALL/issues/1/move", {"project": "SCREE"}, status=200)
    assert [label["name"] for label in issue["labels"]] == ["BUG"]
    assert (issue["milestone"]["title"], issue["status"]) == ("1.0", "In review")
    assert [person["id"] for person in issue["assignees"]] == [ada.id]
    assert [one["issue_count"] for key in ("WALL", "SCREE") for one in api(ada).get(f"/projects/{key}/labels")["items"]] == [
        0, 0, 1,
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["open", "closed"])
def test_both_projects_count_it(api, ada, make, wall, state):
    make.issue(wall, ada)
    api(ada).patch("/projects/WALL/issues/1", {"state": state})
    api(ada).post("/projects/WALL/issues/1/move", {"project": "SCREE"}, status=200)
    counts = [api(ada).get(f"/projects/{key}") for key in ("WALL", "SCREE")]
    assert [(one["open_issues"], one["closed_issues"]) for one in counts] == [
        (0, 0), (1, 0) if state == "open" else (0, 1),
    ]  # fmt: skip


def test_its_history_goes_along(api, ada, moved):
    api(ada).delete("/projects/WALL")
    kinds = [event["kind"] for event in api(ada).get("/projects/SCREE/issues/1/events")["items"]]
    assert kinds == ["opened", "moved"]


def test_it_may_come_back_under_a_new_number(api, ada, moved):
    assert api(ada).post("/projects/SCREE/issues/1/move", {"project": "WALL"}, status=200)["key"] == "WALL-2"
    for url in ("/projects/SCREE/issues/1", "/projects/WALL/issues/1"):
        assert api(ada).send("GET", url, status=308).headers["Location"] == "/projects/WALL/issues/2"


@pytest.mark.parametrize("project", ["WALL", "NONE", "a b", "", 7, None])
def test_a_place_that_is_none_is_refused(api, ada, make, wall, project):
    make.issue(wall, ada)
    problem = api(ada).post("/projects/WALL/issues/1/move", {"project": project}, status=422)
    assert problem["errors"][0]["field"] == "project"


def test_who_moves_it_must_be_a_member_of_both(api, make, ada, wall):
    make.issue(wall, ada)
    make.project(ada, key="OPEN", visibility="internal")
    member = make.member(wall, "member")
    api(member).post("/projects/WALL/issues/1/move", {"project": "OPEN"}, status=403)
    api(make.member(wall, "reporter")).post("/projects/WALL/issues/1/move", {"project": "OPEN"}, status=403)


def test_a_page_moves_it(browser, ada, make, wall):
    make.issue(wall, ada)
    here = browser(ada)
    assert here.get("/projects/WALL/issues/1/move").says("Rockery (SCREE)")
    assert here.post("/projects/WALL/issues/1/move", {"project": "SCREE"}).location == "/projects/SCREE/issues/1"
    assert here.get("/projects/SCREE/issues/1").says("moved this to SCREE-1")


def test_where_it_came_from_is_told_only_if_all_may_know(api, ada, make):
    make.issue(make.project(ada, key="SECRET"), ada)
    make.project(ada, key="OPEN", visibility="public")
    api(ada).post("/projects/SECRET/issues/1/move", {"project": "OPEN"}, status=200)
    assert "SECRET" not in api().send("GET", "/projects/OPEN/issues/1/events").text


def test_its_parts_stay_and_tell_that_they_are_none_any_more(api, browser, ada, make, wall):
    for _ in range(2):
        make.issue(wall, ada)
    api(ada).patch("/projects/WALL/issues/2", {"parent": 1})
    api(ada).post("/projects/WALL/issues/1/move", {"project": "SCREE"}, status=200)
    last = api(ada).get("/projects/WALL/issues/2/events")["items"][-1]
    assert (last["kind"], last["data"]["old"], last["data"]["new"]) == ("reparented", "WALL-1", None)
    assert browser(ada).get("/projects/WALL/issues/2").says("took this out of")
