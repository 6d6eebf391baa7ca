"""Who comes, and into which project, is looked at with narrowed eyes only where anything is private."""

import pytest

from webapp.entrance import entering


@pytest.fixture
def wall(make, ada):
    project = make.project(ada, key="WALL", visibility="public")
    make.issue(project, ada, title="A stone is loose")
    return project


@pytest.fixture
def seen(api, eve, wall, statements):
    """How many open issues of the wall Eve is told of, and how often it was asked as she sees it, or as it is."""

    her = api(eve)

    def look():
        statements.clear()
        told = her.get("/projects/WALL")["open_issues"]
        asked = [one for one in statements if "FROM issues AS whole" in one]
        return told, ["hidden.private" in one for one in asked]

    return look


def test_nothing_is_narrowed_where_nothing_is_private(seen):
    assert [seen(), seen()] == [(1, [False])] * 2


def test_what_is_private_is_counted_for_nobody_else(api, ada, seen):
    hidden = api(ada).post("/projects/WALL/issues", {"title": "The gate is open", "private": True})["number"]
    assert api(ada).get("/projects/WALL")["open_issues"] == 2
    assert seen() == (1, [True])
    entering._is_any_private = False
    assert seen() == (1, [False, True])
    assert seen() == (1, [True])
    api(ada).patch(f"/projects/WALL/issues/{hidden}", {"private": False})
    assert [seen(), seen()] == [(2, [True]), (2, [False])]
