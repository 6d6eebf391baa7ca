"""What tests need to be there. Keyword arguments only for what matters to the test."""

from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import Any, TypeVar

from flask import Flask

from webapp import clock
from webapp.access import Role, Viewer, Visibility
from webapp.auth import passwords
from webapp.comments import service as comments
from webapp.comments.schemas import CommentIn
from webapp.comments.service import CommentRow
from webapp.db import db, transacting
from webapp.editing import opening
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueIn
from webapp.labels import service as labels
from webapp.labels.schemas import LabelIn
from webapp.models.accounts import User
from webapp.models.labels import Label
from webapp.models.projects import Membership
from webapp.projects import service as projects
from webapp.projects.schemas import ProjectIn
from webapp.projects.service import ProjectRow

T = TypeVar("T")

PASSWORD = "eleven purple otters"
_numbers = count(1)
passwords.COST = 4  # a quarter of a second for each login would be most of the run


def inside(function: Callable[..., T]) -> Callable[..., T]:
    """Run a method of Make in a context of its own."""

    @wraps(function)
    def run(self: "Make", *args: Any, **kwargs: Any) -> T:
        with self.app.app_context():
            return function(self, *args, **kwargs)

    return run


class Make:
    def __init__(self, app: Flask) -> None:
        self.app = app

    @inside
    def person(self, name: str = "Somebody", *, password: str | None = None, **fields: Any) -> Viewer:
        hashed = passwords.hashed(password or PASSWORD)
        handle = f"{name.lower()}{next(_numbers)}"
        values = {"email": f"{handle}@example.com", "handle": handle, "password_hash": hashed, **fields}
        values.setdefault("email_confirmed_at", clock.now())
        with transacting() as session:
            user = User(name=name, **values)
            session.add(user)
            session.flush()
        return Viewer(user.id, user.name, user.email or "", user.created_at, user.is_admin, handle=user.handle or "")

    @inside
    def project(self, by: Viewer, *, visibility: str = "private", **fields: Any) -> ProjectRow:
        draft = ProjectIn(name=fields.pop("name", "Rockery"), visibility=Visibility(visibility), **fields)
        return projects.create(draft, by)

    @inside
    def member(self, project: ProjectRow, role: str, **fields: Any) -> Viewer:
        person = self.person(role.capitalize())
        with transacting() as session:
            session.add(Membership(project_id=project.id, user_id=person.id, role=Role(role)))
        return person

    @inside
    def issue(
        self, project: ProjectRow, by: Viewer, *, title: str = "A stone is loose", **fields: Any
    ) -> IssueDetail:
        return opening.create(project, IssueIn(title=title, **fields), by)

    @inside
    def comment(self, project: ProjectRow, issue: IssueDetail, by: Viewer, body: str = "Seen.") -> CommentRow:
        return comments.create(project, issue, CommentIn(body=body), by).comment

    @inside
    def label(self, project: ProjectRow, by: Viewer, name: str = "bug", color: str = "#d34467") -> Label:
        return labels.create(project, LabelIn(name=name, color=color), by)

    @inside
    def deactivated(self, person: Viewer) -> Viewer:
        with transacting():
            user = db.session.get(User, person.id)
            assert user is not None
            user.is_active = False
        return person
