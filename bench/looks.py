"""What two servers are asked to be set against each other, from pages that are kept to changes.

*Warm*: nothing in the project changed since the last look. *Cold*: an issue of it got another title meanwhile, by
SQL, beside the application and outside of what is counted.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any

from bench.visitors import Request, Visitor
from bench.world import RARE

PLACES = 14
PRIORITIES = ("none", "low", "medium", "high", "urgent")
BODY = "Seen today, and again after a restart: it should say what is wrong, and says nothing."
FORGET_SEARCHES = "DELETE FROM login_failures WHERE key LIKE 'search:%'"


@dataclass(frozen=True, slots=True)
class Look:
    """A kind of request. `batch` makes some, `before` is SQL that runs before each batch and is not counted."""

    name: str
    batch: Callable[[], Sequence[Request]]
    before: str = ""
    expected: tuple[int, ...] = (200,)


def looks(server: Visitor) -> list[Look]:
    """The looks at one made-up tracker. What hangs on what is in it is looked up."""
    places = _places(server)
    projects = [f"/projects/{key}" for key, _ in places]
    touch = _touch([project for _, project in places])
    touch_big = _touch(server.run("SELECT id FROM projects WHERE key = 'BIG'")[0])
    issues = [f"/projects/{key}/issues/{number}" for key, number in _issues(server)]
    touch_all = _touch([project for (project,) in server.run("SELECT id FROM projects")])
    lists = [f"{project}/issues" for project in projects]
    return [
        Look("JSON project", _each(server.json, projects)),
        Look("JSON list of 50, warm", _each(server.json, [f"{one}?limit=50" for one in lists])),
        Look("JSON list of 50, cold", _each(server.json, [f"{one}?limit=50" for one in lists], 1), touch),
        Look("page of 50, warm", _each(server.page, lists)),
        Look("page of 50, cold", _each(server.page, lists, 1), touch),
        Look("304: JSON issue", _again(server, server.json, issues), "", (200, 304)),
        Look("304: JSON list", _again(server, server.json, lists), "", (200, 304)),
        Look("304: page of 50", _again(server, server.page, lists), "", (200, 304)),
        Look("issue page, warm", _each(server.page, issues)),
        Look("issue page, cold", _each(server.page, issues, 1), touch_all),
        Look("JSON issue", _each(server.json, issues)),
        Look("new-issue form, warm", _each(server.page, [f"{one}/issues/new" for one in projects])),
        Look("new-issue form, cold", _each(server.page, [f"{one}/issues/new" for one in projects], 1), touch),
        Look("board, warm", _each(server.page, ["/projects/BIG/board"], 8)),
        Look("board, cold", _each(server.page, ["/projects/BIG/board"], 1), touch_big),
        Look("home, warm", _each(server.page, ["/"], 8)),
        Look("home, cold", _each(server.page, ["/"], 1), touch),
        Look("project page, warm", _each(server.page, projects)),
        Look("project page, cold", _each(server.page, projects, 1), touch),
        Look("search, common word", _each(server.page, ["/search?q=error"], 8), FORGET_SEARCHES),
        Look("search, rare word", _each(server.page, [f"/search?q={RARE}"], 8), FORGET_SEARCHES),
        *_changes(server, projects),
    ]


def _changes(server: Visitor, projects: list[str]) -> list[Look]:
    numbers = count(1)
    turns: dict[str, Iterator[str]] = {}

    def patched(path: str) -> Request:
        now = server.ask(server.json(path))  # what was never looked at would be rendered with the first change
        if path not in turns:
            turns[path] = cycle(one for one in PRIORITIES if one != json.loads(now.body)["priority"])
        return server.json(path, "PATCH", {"priority": next(turns[path])})

    def created(path: str) -> Request:
        return server.json(path, "POST", {"title": f"Made issue {next(numbers)}", "body": BODY, "priority": "medium"})

    def filled_in(path: str) -> Request:
        return server.form(path, {"title": f"Made issue {next(numbers)}", "body": BODY, "priority": "medium"})

    def commented(path: str) -> Request:
        return server.json(path, "POST", {"body": f"Seen again, the {next(numbers)}th time."})

    return [
        Look("create by JSON", _each(created, [f"{one}/issues" for one in projects], 2), "", (201,)),
        Look("create by form", _each(filled_in, [f"{one}/issues" for one in projects], 2), "", (303,)),
        Look("PATCH one field", _each(patched, [f"{one}/issues/1" for one in projects], 2)),
        Look("comment", _each(commented, [f"{one}/issues/1/comments" for one in projects], 2), "", (201,)),
    ]


def _each(request: Callable[[str], Request], paths: Sequence[str], times: int = 4) -> Callable[[], list[Request]]:
    """A batch that asks for each of the paths so many times."""
    return lambda: [request(path) for path in [*paths] * times]


def _again(server: Visitor, request: Callable[..., Request], paths: Sequence[str]) -> Callable[[], list[Request]]:
    """A batch of somebody who has the answers already; one without an ETag is asked for as if for the first time."""

    def held(path: str) -> Request:
        tag = server.ask(request(path)).header("ETag")
        return request(path, **{"If-None-Match": tag} if tag else {})

    return lambda: [held(path) for path in paths] * 4


def _places(server: Visitor) -> list[tuple[str, int]]:
    """Key and id of the fullest projects of whoever measures, without the big one."""
    return server.run(
        "SELECT key, projects.id FROM projects JOIN memberships ON project_id = projects.id"
        " JOIN users ON user_id = users.id AND handle = 'measure'"
        " WHERE key != 'BIG' ORDER BY open_issues DESC, key LIMIT %s",
        PLACES,
    )


def _issues(server: Visitor) -> list[tuple[str, int]]:
    """Project's key and number of issues with about ten comments, each of another project where that can be."""
    return server.run(
        "SELECT key, number FROM (SELECT DISTINCT ON (project_id)"
        " key, number, abs(comment_count - 10) AS far, issues.id"
        " FROM issues JOIN projects ON projects.id = project_id JOIN memberships USING (project_id)"
        " JOIN users ON user_id = users.id AND handle = 'measure' ORDER BY project_id, far, issues.id) AS one"
        " ORDER BY far, id LIMIT %s",
        PLACES,
    )


def _touch(projects: Sequence[Any]) -> str:
    """SQL that gives the newest open issue of each of the projects another title."""
    named = ", ".join(map(str, projects))
    return (
        "UPDATE issues SET title = CASE WHEN title LIKE '%.' THEN rtrim(title, '.') ELSE title || '.' END WHERE id IN"  # noqa: S608
        " (SELECT max(id) FROM issues WHERE state = 'open' AND project_id IN"
        f" ({named}) GROUP BY project_id)"
    )
