"""Views that several save or change at the same moment."""

import pytest

from tests.server.test_members_at_once import ROUNDS, at_once


@pytest.mark.parametrize("whose", ["private", "shared", "over all projects"])
def test_a_name_that_is_saved_twice_at_once_is_saved_once(server, ada, whose):
    views = "/views" if whose == "over all projects" else f"{server.project(ada)}/views"
    for number in range(ROUNDS):
        body = {"name": f"Bugs {number}", "shared": whose == "shared"}
        answers = at_once(server, *[("POST", views, body, ada)] * 3)
        assert sorted(answer.status for answer in answers) == [201, 409, 409]


def test_of_two_that_are_renamed_alike_at_once_one_is(server, ada):
    views = f"{server.project(ada)}/views"
    made = [server.ask("POST", views, {"name": name}, by=ada).json for name in ("a", "b")]
    answers = at_once(server, *[("PATCH", f"{views}/{one['id']}", {"name": "Same"}, ada) for one in made])
    assert sorted(answer.status for answer in answers) == [200, 409]


def test_a_default_that_is_deleted_or_taken_back_at_once_is_none(server, ada):
    project = server.project(ada)
    for number in range(ROUNDS):
        view = server.ask("POST", f"{project}/views", {"name": f"{number}", "shared": True}, by=ada).json
        at = f"{project}/views/{view['id']}"
        gone = ("PATCH", at, {"shared": False}, ada) if number % 2 else ("DELETE", at, None, ada)
        answers = at_once(server, ("PATCH", at, {"default": True}, ada), gone)
        assert {answer.status for answer in answers} <= {200, 204, 404, 422}
        assert server.ask("GET", project, by=ada).json["default_view_id"] is None


def test_two_defaults_at_once_are_one(server, ada):
    project = server.project(ada)
    made = [
        server.ask("POST", f"{project}/views", {"name": name, "shared": True}, by=ada).json["id"] for name in "ab"
    ]
    for _ in range(ROUNDS):
        answers = at_once(server, *[("PATCH", f"{project}/views/{one}", {"default": True}, ada) for one in made])
        assert [answer.status for answer in answers] == [200, 200]
        assert server.ask("GET", project, by=ada).json["default_view_id"] in made
