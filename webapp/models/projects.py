from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Enum, ForeignKey, text, true
from sqlalchemy.orm import Mapped, mapped_column

from webapp.access import Role, Visibility
from webapp.db import Id, Model, Now, sort_key_of


def _words(kind: type[Role] | type[Visibility]) -> Enum:
    """A StrEnum stored as plain text with a check, so that a new word is no new database type."""
    return Enum(kind, native_enum=False, create_constraint=False, values_callable=lambda e: [m.value for m in e])


class Project(Model):
    __tablename__ = "projects"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    sort_key: Mapped[str | None] = sort_key_of("name")
    description: Mapped[str] = mapped_column(server_default="", default="")
    visibility: Mapped[Visibility] = mapped_column(_words(Visibility), server_default="private")
    owner_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id"), index=True)
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    archived_at: Mapped[datetime | None]
    # Since when an import has been bringing issues into it; empty again once all of them are here.
    importing_since: Mapped[datetime | None]
    # The number that the next issue gets; a number is never given twice.
    next_number: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # Kept beside the issues, so that no page has to count a million rows.
    open_issues: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    closed_issues: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # The saved view that its list opens with: one that everybody sees.
    default_view_id: Mapped[int | None] = mapped_column(
        ForeignKey("views.id", ondelete="SET NULL", use_alter=True), index=True
    )

    # From which role on its private issues and comments are seen: webapp/eyes.py. A plain word, which is a Role to
    # whoever compares, as each request reads it.
    private_role: Mapped[str] = mapped_column(server_default="member", default=Role.MEMBER)

    __table_args__ = (
        CheckConstraint("key ~ '^[A-Z][A-Z0-9]{1,9}$'", name="key"),
        CheckConstraint("visibility IN ('private', 'internal', 'public')", name="visibility"),
        CheckConstraint("private_role IN ('reporter', 'member', 'maintainer')", name="private_role"),
    )


class ProjectAlias(Model):
    """A key that a project had. It leads to the project, and no other project can take it."""

    __tablename__ = "project_aliases"
    # Triggers stamp_* (projects/triggers.sql).

    key: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Now]


class Membership(Model):
    __tablename__ = "memberships"
    # Triggers stamp_* (projects/triggers.sql).

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(_words(Role))
    created_at: Mapped[Now]

    __table_args__ = (
        CheckConstraint("role IN ('owner', 'maintainer', 'member', 'reporter', 'viewer')", name="role"),
    )


class ProjectStamp(Model):
    """Counters under which a process may keep what it showed of a project. Triggers of the database move them.

    `stamp` moves with all that is shown of its issues, `words` with its name, labels, statuses, milestones, views
    and people. A row apart, as it is taken last of all: whoever waits for it keeps nobody waiting. A project that
    nobody has changed since it was brought here has none.
    """

    __tablename__ = "project_stamps"

    project_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[int] = mapped_column(server_default=text("0"))
    words: Mapped[int] = mapped_column(server_default=text("0"))


class Stamp(Model):
    """The same for what is shown of people, all of them: one row."""

    __tablename__ = "stamps"

    single: Mapped[bool] = mapped_column(primary_key=True, server_default=true())
    people: Mapped[int] = mapped_column(server_default=text("0"))
    # Moves with what administrators change of the settings.
    settings: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (CheckConstraint("single", name="single"),)
