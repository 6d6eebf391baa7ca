"""One statement brings who asks and the project of the address; what both may do is decided as before."""

import pytest


@pytest.fixture
def wall(ada, make):
    return make.project(ada, key="WALL", visibility="public")


@pytest.mark.parametrize("ref", ["WALL", "wall", "{id}", "STONE"])
def test_a_project_of_any_spelling_comes_with_who_asks(api, ada, wall, statements, ref):
    client = api(ada)
    client.patch("/projects/WALL", {"key": "STONE"})
    client.patch("/projects/STONE", {"key": "WALL"})
    statements.clear()
    assert client.get(f"/projects/{ref.format(id=wall.id)}")["key"] == "WALL"
    assert len(statements) == 1


@pytest.mark.parametrize("ref", ["NONE", "0", "9223372036854775807", "9999999999999999999"])
def test_what_is_not_there_is_not_found(api, ada, wall, ref):
    api(ada).get(f"/projects/{ref}", status=404)


def test_nobody_sees_a_public_project_with_one_statement(api, wall, statements):
    statements.clear()
    assert api().get("/projects/WALL")["key"] == "WALL"
    assert len(statements) == 1


def test_who_may_not_come_in_any_more_sees_what_nobody_sees(browser, ada, make, wall):
    make.project(ada, key="OWN")
    page = browser(ada)
    assert "/projects/WALL/edit" in page.get("/projects/WALL").text
    make.deactivated(ada)
    assert "/projects/WALL/edit" not in page.get("/projects/WALL").text
    assert page.get("/projects/OWN", status=303).location.startswith("/auth/login")


def test_an_answer_tells_what_the_change_made_of_the_project(api, ada, wall):
    """What came with who asks is given once, to the change; the answer looks again."""
    assert api(ada).patch("/projects/WALL", {"name": "Dry stone"})["name"] == "Dry stone"
    assert api(ada).post("/projects/WALL/archive", status=200)["archived_at"]
