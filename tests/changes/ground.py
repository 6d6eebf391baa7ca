"""A project with an issue that has one of everything, and the ways in which that can be changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask

from tests.clients import Api
from webapp.access import Viewer
from webapp.db import db, transacting

WALL = "/projects/WALL"
ISSUES = f"{WALL}/issues"


@dataclass(frozen=True)
class Ground:
    """The project WALL, with the ids of what is in it by their names."""

    app: Flask
    client: Api
    ids: Mapping[str, int]
    ada: Viewer
    member: Viewer  # whose the first issue is

    def issue(self, number: int = 1) -> Any:
        return self.client.get(f"{ISSUES}/{number}")

    def aged(self) -> dict[str, Any]:
        """The issue as it is, when nobody has touched it for long."""
        self.run("UPDATE issues SET updated_at = '2020-02-29'")
        return dict(self.issue())

    def newest(self, kinds: int = 1, number: int = 1) -> list[Any]:
        """The last events of an issue."""
        return list(self.client.get(f"{ISSUES}/{number}/events?limit=100")["items"][-kinds:])

    def found(self, q: str) -> list[int]:
        return [one["number"] for one in self.client.get(ISSUES, query_string={"q": q})["items"]]

    def run(self, sql: str, **values: Any) -> Any:
        with self.app.app_context(), transacting() as session:
            result: Any = session.execute(db.text(sql), values)
            return result.scalar() if result.returns_rows else None

    def filled(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The same with ids in the places of `{name}`."""

        def fill(value: Any) -> Any:
            if isinstance(value, list):
                return [fill(one) for one in value]
            return self.ids[value[1:-1]] if isinstance(value, str) and value[:1] == "{" else value

        return {name: fill(value) for name, value in fields.items()}

    def multiply(self, number: int) -> None:
        """Let there be so many issues more that have the same as the first."""
        self.run(
            """
            WITH many AS (
              INSERT INTO issues (project_id, number, title, author_id, status_id, milestone_id)
              SELECT project_id, 100 + n, 'x', author_id, status_id, milestone_id
              FROM issues, generate_series(1, :number) n WHERE number = 1 RETURNING id),
            tied AS (INSERT INTO issue_labels (issue_id, label_id) SELECT many.id, label_id FROM many, issue_labels)
            INSERT INTO issue_assignees (issue_id, user_id) SELECT many.id, user_id FROM many, issue_assignees
            """,
            number=number,
        )
        self.run("UPDATE labels SET issue_count = (SELECT count(*) FROM issue_labels WHERE label_id = labels.id)")
        self.run("UPDATE projects SET open_issues = (SELECT count(*) FROM issues WHERE project_id = projects.id)")


Way = Callable[[Ground], Any]


def one(**fields: Any) -> Way:
    """One issue is changed."""
    return lambda ground: ground.client.patch(f"{ISSUES}/1", ground.filled(fields))


def many(**fields: Any) -> Way:
    """The same by a change of many."""
    return lambda ground: ground.client.patch(ISSUES, {"numbers": [1], **ground.filled(fields)})


def ended(place: str, **body: Any) -> Way:
    """What issues have is deleted."""
    return lambda ground: ground.client.send(
        "DELETE", f"{WALL}/{place.format(**ground.ids)}", json=ground.filled(body), status=204
    )


def merged(ground: Ground) -> Any:
    """The label is merged into another one."""
    into = {"into": ground.ids["defect"]}
    return ground.client.post(f"{WALL}/labels/{ground.ids['bug']}/merge", into, status=200)


def closed(ground: Ground) -> Any:
    """The milestone is closed, and its issues go on."""
    body = {"state": "closed", "move_to": ground.ids["Summer"]}
    return ground.client.patch(f"{WALL}/milestones/{ground.ids['Spring']}", body)


def carried(ground: Ground) -> Any:
    """The card is put into another column of the board."""
    return ground.client.post(f"{WALL}/board/moves", {"number": 1, "column": "In progress"}, status=200)


# What lets go of all issues that have it, with the kind of their events.
ENDINGS: dict[str, tuple[str, Way]] = {
    "a label is merged": ("labelled", merged),
    "a label is deleted": ("labelled", ended("labels/{bug}")),
    "a member is removed": ("assigned", ended("members/{member}")),
    "a milestone is closed": ("milestoned", closed),
    "a milestone is deleted": ("milestoned", ended("milestones/{Spring}")),
    "a status is deleted": ("moved_status", ended("statuses/{Todo}", to="{In progress}")),
}
