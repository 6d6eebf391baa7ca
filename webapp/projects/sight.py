"""Which projects somebody sees: the one rule, as every statement asks it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, text, true
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.access import InProject, Viewer, Visibility
from webapp.models.accounts import User
from webapp.models.issues import Issue
from webapp.models.projects import Membership, Project


class Sight(StrEnum):
    """Whose eyes a statement looks with: those of one kind share it."""

    NOBODY = "nobody"
    SOMEBODY = "somebody"
    ADMINISTRATOR = "administrator"

    @classmethod
    def of(cls, viewer: Viewer | None) -> "Sight":
        """The kind of somebody's eyes."""
        if viewer is None:
            return cls.NOBODY
        return cls.ADMINISTRATOR if viewer.is_admin else cls.SOMEBODY


def seen_with(sight: Sight, viewer_id: Any) -> ColumnElement[bool]:
    """The one rule of which projects somebody sees. Every list, count and search starts from it."""
    if sight is Sight.NOBODY:
        return Project.visibility == Visibility.PUBLIC
    if sight is Sight.ADMINISTRATOR:
        return true()
    own = aliased(Membership)
    member = exists().where(own.project_id == Project.id, own.user_id == viewer_id)
    return or_(Project.visibility != Visibility.PRIVATE, member)


def visible_to(viewer: Viewer | None) -> ColumnElement[bool]:
    """The same rule for one person, in a statement of theirs alone."""
    return seen_with(Sight.of(viewer), viewer.id if viewer else None)


def seen_by_each() -> ColumnElement[bool]:
    """The same rule in a statement of several people: that the person of a row sees its project.

    Whether they may log in at all is another question.
    """
    return or_(seen_with(Sight.SOMEBODY, User.id), User.is_admin)


def issue_seen_by_each() -> ColumnElement[bool]:
    """In such a statement, that the person of a row sees its issue as well, given that they see its project."""
    return or_(~Issue.private, text(eyes.sees("issues", "users.id")))


def is_another(sent: Mapping[str, Any], now: InProject) -> bool:
    """Whether others shall see a project, or what is private in it, than do now."""
    return any(name in sent and sent[name] != getattr(now, name) for name in ("visibility", "private_role"))
