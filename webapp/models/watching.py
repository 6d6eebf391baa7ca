"""What people want to hear of: of a project, of one issue, of a saved view."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model, Now


class Level(StrEnum):
    """How much somebody wants to hear. Of one issue everything but `new`, which is said of a project alone."""

    ALL = "all"
    NEW = "new"
    PARTICIPATING = "participating"
    NOTHING = "nothing"


# Who chose nothing hears of what they take part in.
DEFAULT = Level.PARTICIPATING


class ProjectWatch(Model):
    """What a person chose for a project; `level` is None where they chose something for its issues alone.

    `choices` counts what they chose for the project or for one of its issues: what is kept of its pages for them
    is made under it.
    """

    __tablename__ = "project_watches"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    level: Mapped[str | None]
    choices: Mapped[int] = mapped_column(server_default=text("1"), default=1)

    __table_args__ = (CheckConstraint("level IN ('all', 'new', 'participating', 'nothing')", name="level"),)


class IssueWatch(Model):
    """What a person chose for one issue. It goes before what they chose for its project.

    Who takes part in an issue has no row for that: its author, its assignees, who commented on it and whom its texts
    name are known from there.
    """

    __tablename__ = "issue_watches"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    level: Mapped[str]

    __table_args__ = (CheckConstraint("level IN ('all', 'participating', 'nothing')", name="level"),)


class ViewWatch(Model):
    """A person wants to hear when an issue begins to match a view.

    `version` is that of the view for which the issues that match were noted; 0 where they are to be noted anew.
    """

    __tablename__ = "view_watches"

    view_id: Mapped[int] = mapped_column(ForeignKey("views.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    version: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    created_at: Mapped[Now]


class ViewMatch(Model):
    """An issue that matched a view which somebody watches, when it was last heard of."""

    __tablename__ = "view_matches"

    view_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True, index=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["view_id", "user_id"], ["view_watches.view_id", "view_watches.user_id"], ondelete="CASCADE"
        ),
    )
