import pytest


@pytest.fixture
def wall(make, ada):
    wall = make.project(ada, key="WALL")
    for name in ("bug", "size::big"):
        make.label(wall, ada, name)
    return wall


@pytest.fixture
def scree(make, ada):
    scree = make.project(ada, key="SCREE")
    make.label(scree, ada, "Bug")
    return scree


@pytest.fixture
def bob(make, wall):
    return make.member(wall, "member")


@pytest.fixture
def laden(api, ada, bob, wall, scree):
    """WALL-1 has all that an issue can have, and SCREE has of it the label bug alone."""
    client = api(ada)
    for title in ("Laden", "Above", "Below", "Below too"):
        client.post("/projects/WALL/issues", {"title": title})
    client.post("/projects/WALL/statuses", {"name": "Cooling", "category": "started"})
    spring = client.post("/projects/WALL/milestones", {"title": "Spring"})["id"]
    fields = {"labels": ["bug", "size::big"], "assignees": [ada.id, bob.id], "milestone": spring, "parent": 2}
    client.patch("/projects/WALL/issues/1", {**fields, "status": "Cooling"})
    for number in (3, 4):
        client.patch(f"/projects/WALL/issues/{number}", {"parent": 1})
    client.post("/projects/WALL/board/moves", {"number": 1, "place": "bottom"}, status=200)
    return client
