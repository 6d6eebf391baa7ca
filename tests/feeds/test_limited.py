"""A token for feeds that is limited to projects reads nothing of others, whatever its owner may."""

import pytest

LISTS = ("/issues.csv", "/issues.jsonl", "/issues.atom?q=is:all", "/issues.ics?q=is:all")


@pytest.fixture
def door(make, ada):
    return make.project(ada, key="DOOR", name="Door")


@pytest.fixture
def stones(make, ada, project, door):
    make.issue(project, ada, title="A stone", due_on="2026-03-01")
    make.issue(door, ada, title="A hinge", due_on="2026-03-01")


@pytest.fixture
def limited(api, ada, stones):
    return api(ada).post("/auth/feeds", {"name": "Phone", "projects": ["wall"]})


def read(api, token, path):
    return api().send("GET", f"{path}{'&' if '?' in path else '?'}token={token}")


def test_a_limited_token_reads_its_projects_alone(api, limited):
    assert limited["projects"] == ["WALL"]
    for path in LISTS:
        said = read(api, limited["token"], path).text
        assert "A stone" in said, path
        assert "hinge" not in said, path
    for path in ("/projects/DOOR/issues.csv", "/projects/DOOR/issues/1.atom"):
        assert read(api, limited["token"], path).status_code == 404
    assert read(api, limited["token"], "/projects/WALL/issues/1.atom").status_code == 200


def test_an_administrator_is_none_through_it(api, make, ada, stones):
    root = make.person("Root", is_admin=True)
    make.project(root, key="OWN")
    api(root).post("/auth/feeds", {"name": "Phone", "projects": ["WALL"]}, status=422)
    token = api(root).post("/auth/feeds", {"name": "Phone", "projects": ["OWN"]})["token"]
    assert read(api, token, "/projects/WALL/issues.csv").status_code == 404
    whole = api(root).post("/auth/feeds", {"name": "Phone"})["token"]
    assert "hinge" in read(api, whole, "/issues.csv").text


def test_a_login_beside_it_widens_nothing(api, ada, limited):
    said = api(ada).send("GET", f"/issues.csv?token={limited['token']}").text
    assert "A stone" in said
    assert "hinge" not in said


def test_its_projects_are_changed(api, browser, ada, eve, limited):
    at = f"/auth/feeds/{limited['id']}"
    assert api(ada).patch(at, {"projects": ["DOOR"]})["projects"] == ["DOOR"]
    said = read(api, limited["token"], "/issues.csv").text
    assert "hinge" in said
    assert "A stone" not in said
    api(eve).patch(at, {"projects": None}, status=404)
    page = browser(ada)
    assert page.get(f"{at}/edit").says("Projects of Phone")
    page.post(at, {"everywhere": "true"})
    assert "A stone" in read(api, limited["token"], "/issues.csv").text
    kinds = [one["kind"] for one in api(ada).get("/auth/activity")["items"]]
    assert kinds[:2] == ["feed_token_limited", "feed_token_limited"]


def test_the_form_limits_it(browser, ada, door):
    page = browser(ada).post("/auth/feeds", {"name": "Phone", "days": "30", "projects": "DOOR"}, status=200)
    assert page.says("Only in DOOR")


def test_a_project_that_is_gone_widens_nothing(api, ada, limited):
    api(ada).send("DELETE", "/projects/WALL", json={"confirm": "WALL"}, status=204)
    assert "hinge" not in read(api, limited["token"], "/issues.csv").text
    assert api(ada).get("/auth/feeds")["items"][0]["projects"] == []
