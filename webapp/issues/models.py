from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Reason(StrEnum):
    """Why an issue was closed."""

    COMPLETED = "completed"
    NOT_PLANNED = "not_planned"
    DUPLICATE = "duplicate"


class Priority(StrEnum):
    """From the least to the most pressing; the order counts."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class Ranked(TypeDecorator[StrEnum]):
    """An ordered enum stored as its rank, so that the database can sort by it."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Any) -> int | None:
        return None if value is None else list(self.kind).index(self.kind(value))

    def process_result_value(self, value: int | None, dialect: Any) -> StrEnum | None:
        return None if value is None else list(self.kind)[value]


class Issue(Model):
    __tablename__ = "issues"

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str]
    body: Mapped[str] = mapped_column(server_default="", default="")
    # The body as safe HTML, and the renderer that made it; made again when that one is outdated.
    body_html: Mapped[str | None]
    html_version: Mapped[int | None] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(server_default="open", default=State.OPEN)
    close_reason: Mapped[str | None]
    priority: Mapped[Priority] = mapped_column(Ranked(Priority), server_default=text("0"), default=Priority.NONE)
    due_on: Mapped[date | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    closed_at: Mapped[datetime | None]
    comment_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # Where an imported issue came from, so that a second import finds it again.
    origin: Mapped[str | None]
    # In the trash since then. Whatever reads issues leaves these out.
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index("issues_trash_idx", "project_id", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
        Index(None, "project_id", "state", "number"),
        Index(None, "project_id", "updated_at", "id"),
        Index(None, "project_id", "state", "updated_at", "id"),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint(
            "close_reason IS NULL OR close_reason IN ('completed', 'not_planned', 'duplicate') AND state = 'closed'",
            name="close_reason",
        ),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    )


class IssueLabel(Model):
    __tablename__ = "issue_labels"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True)

    __table_args__ = (Index(None, "label_id", "issue_id"),)


class IssueAssignee(Model):
    __tablename__ = "issue_assignees"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)

    __table_args__ = (Index(None, "user_id", "issue_id"),)
