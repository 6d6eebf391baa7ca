from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from sqlalchemy import text

from tests.scene import *  # noqa: F403
from webapp.db import db, transacting
from webapp.jobs import worker

URL = "/projects/WALL/issues"
# How each of them stands to the first issue, which nobody among them has touched.
PEOPLE = (
    "author", "assignee", "commenter", "named", "all", "new", "nothing", "all_here", "part_here", "mute", "muted_assignee",
    "member",
)  # fmt: skip


class Wall:
    """A project in which everybody stands to the first issue as they are called, and Ada acts."""

    def __init__(self, app: Any, api: Any, make: Any, ada: Any) -> None:
        self.app, self.make, self.ada, self.api = app, make, ada, api(ada)
        self.project = make.project(ada, key="WALL")
        self.who = {name: make.member(self.project, "member") for name in PEOPLE}
        self.names = {person.id: name for name, person in self.who.items()} | {ada.id: "ada"}
        self.handles = {
            name: self.run("SELECT handle FROM users WHERE id = :id", id=one.id)[0][0]
            for name, one in self.who.items()
        }
        author, commenter = self.who["author"], self.who["commenter"]
        self.issue = make.issue(self.project, author, title="A stone", body=f"@{self.handles['named']}, look")
        make.comment(self.project, self.issue, commenter)
        assignees = [self.who[name].id for name in ("assignee", "muted_assignee")]
        self.api.patch(f"{URL}/1", {"assignees": assignees})
        for name in ("all", "new", "nothing"):
            self.watch(name, name)
        for name, level in (("all_here", "all"), ("part_here", "participating"), ("mute", "nothing")):
            self.watch_issue(name, level)
        self.watch_issue("muted_assignee", "nothing")
        self.forget()

    def run(self, statement: str, **values: Any) -> Any:
        with self.app.app_context(), transacting():
            found = db.session.execute(text(statement), values)
            return found.all() if found.returns_rows else None  # type: ignore[attr-defined]

    def watch(self, name: str, level: str) -> None:
        values = {"project": self.project.id, "person": self.who[name].id, "level": level}
        self.run(
            "INSERT INTO project_watches (project_id, user_id, level) VALUES (:project, :person, :level)", **values
        )

    def watch_issue(self, name: str, level: str, issue: Any = None) -> None:
        values = {"issue": (issue or self.issue).id, "person": self.who[name].id, "level": level}
        self.run("INSERT INTO issue_watches (issue_id, user_id, level) VALUES (:issue, :person, :level)", **values)

    def watch_off(self, name: str) -> None:
        self.run("DELETE FROM project_watches WHERE user_id = :person", person=self.who[name].id)

    def let_into(self, project: Any, *names: str) -> None:
        for name in names:
            values = {"project": project.id, "person": self.who[name].id}
            self.run(
                "INSERT INTO memberships (project_id, user_id, role) VALUES (:project, :person, 'member')", **values
            )

    def last_comment(self) -> int:
        (found,) = self.run("SELECT max(id) FROM comments")[0]
        return int(found)

    def forget(self) -> None:
        """Of what was done so far nobody shall hear."""
        for table in ("jobs", "inbox_items", "deliveries"):
            self.run(f"DELETE FROM {table}")
        # In life each change has a time of its own; here all is one transaction.
        self.run("UPDATE user_mentions SET created_at = created_at - interval '1 hour'")

    def told(self, way: str = "inbox") -> dict[str, str]:
        """Who is told of what was done since, and why, by this way."""
        worker.drain(self.app)
        found = self.run("SELECT user_id, reason FROM deliveries WHERE way = :way", way=way)
        told = {self.names[user]: reason for user, reason in found}
        assert len(told) == len(found)
        return told


@pytest.fixture(scope="module")
def built(app: Any, api: Callable[..., Any], make: Any, ada: Any) -> Wall:
    return Wall(app, api, make, ada)


@pytest.fixture
def wall(built: Wall, api: Callable[..., Any], ada: Any) -> Wall:
    """With a login and names of the test's own: that of the scene may be over on a slow machine."""
    wall = copy(built)
    wall.api, wall.who, wall.names = api(ada), dict(built.who), dict(built.names)
    return wall
