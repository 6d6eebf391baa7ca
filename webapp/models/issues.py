from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Computed,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    or_,
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
        self._ranked = list(kind)  # an enum lists its members anew each time, with a call for each

    def process_bind_param(self, value: StrEnum | str | None, dialect: Any) -> int | None:
        return None if value is None else self._ranked.index(self.kind(value))

    def process_result_value(self, value: int | None, dialect: Any) -> StrEnum | None:
        return None if value is None else self._ranked[value]


# A card's place while nobody has moved it: the newest first, as in lists. Microseconds and ids, counted backwards in
# hexadecimal digits; for as long as a year has four, they are as many for each issue.
_SINCE = "(extract(epoch FROM created_at AT TIME ZONE 'UTC') * 1000000)::bigint"
UNMOVED = (
    f"coalesce(rank, 'm' || lpad(to_hex(300000000000000000 - {_SINCE}), 15, '0')"
    " || lpad(to_hex(1099511627776 - id), 10, '0') || 'V')"
)

ON_BOARD = text("state = 'open' AND deleted_at IS NULL")
# Compared byte by byte.
PLACE = Text(collation="C")


def has_hidden(issue: Any) -> ColumnElement[bool]:
    """Whether not everybody sees all of an issue, by the columns of its row. The few such stand in an index."""
    found: ColumnElement[bool] = or_(issue.private, issue.private_comments > 0)
    return found


class Issue(Model):
    __tablename__ = "issues"
    # Triggers tally_new, tally_noted, tally_changed, tally_gone (charts/triggers.sql).
    # Triggers document_new, document_changed (documents/triggers.sql).
    # Triggers place_links, leave_numbers (issues/triggers.sql).
    # Triggers stamp_* (projects/triggers.sql).

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
    resolution_note: Mapped[str | None]
    priority: Mapped[Priority] = mapped_column(Ranked(Priority), server_default=text("0"), default=Priority.NONE)
    # Checked when the transaction ends, as a project takes its statuses along with its issues.
    status_id: Mapped[int] = mapped_column(ForeignKey("statuses.id", deferrable=True, initially="DEFERRED"))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id", ondelete="SET NULL"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", ondelete="SET NULL"), index=True)
    start_on: Mapped[date | None]
    due_on: Mapped[date | None]
    # In points; what a point is, each team knows.
    estimate: Mapped[int | None] = mapped_column(SmallInteger)
    # Seen by its author, by those whose it is, and by the project's team alone: webapp/eyes.py.
    private: Mapped[bool] = mapped_column(server_default=false(), default=False)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    closed_at: Mapped[datetime | None]
    # Of those that all who see the issue see.
    comment_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    # The others, with those in the trash: triggers keep it with the comments.
    private_comments: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    # Its place on boards, if it was given one by hand; else the newest come first.
    rank: Mapped[str | None] = mapped_column(PLACE)
    position: Mapped[str] = mapped_column(PLACE, Computed(UNMOVED, persisted=True))
    # Its labels and the people whose it is, by id: triggers keep them with the ties, so that no list reads those.
    label_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    assignee_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    # How many react to it in which way, and in all: triggers keep them with the reactions.
    reactions: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    reaction_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    # Where an imported issue came from, so that a second import finds it again.
    origin: Mapped[str | None]
    # In the trash since then. Whatever reads issues leaves these out.
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        Index("issues_trash_idx", "project_id", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
        Index(
            "issues_private_idx",
            "project_id",
            "milestone_id",
            postgresql_where=text("private OR private_comments > 0"),
        ),
        Index(None, "project_id", "created_at", "id"),
        Index(None, "project_id", "state", "created_at", "id"),
        Index(None, "status_id", "created_at", "id"),
        Index(None, "author_id", "state", "created_at", "id"),
        Index(None, "project_id", "updated_at", "id"),
        Index(None, "project_id", "state", "updated_at", "id"),
        # With the state, so that of a column no rows are read in which there are none of the state that is asked for.
        Index(
            "issues_board_idx",
            "project_id",
            "status_id",
            "position",
            "state",
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("issues_open_board_idx", "project_id", "position", postgresql_where=ON_BOARD),
        # A status is of one project, which comes last: not to be taken for a way through all that is open there.
        Index("issues_status_board_idx", "status_id", "position", "project_id", postgresql_where=ON_BOARD),
        Index("issues_priority_board_idx", "project_id", "priority", "position", postgresql_where=ON_BOARD),
        Index("issues_milestone_board_idx", "milestone_id", "position", postgresql_where=ON_BOARD),
        Index(None, "project_id", "priority", "id"),
        Index(None, "project_id", "comment_count", "id"),
        Index(None, "project_id", "reaction_count", "id"),
        Index(
            "issues_closed_idx",
            "project_id",
            "closed_at",
            "id",
            postgresql_where=text("closed_at IS NOT NULL AND deleted_at IS NULL"),
        ),
        Index("issues_due_idx", "project_id", text("coalesce(due_on, '9999-12-31')"), "id"),
        Index(
            "issues_open_due_idx",
            "project_id",
            "due_on",
            postgresql_where=text("state = 'open' AND deleted_at IS NULL AND due_on IS NOT NULL"),
        ),
        Index(None, "updated_at", "id"),
        Index(None, "created_at", "id"),
        Index(None, "milestone_id", "state", "created_at", "id", postgresql_where=text("deleted_at IS NULL")),
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        CheckConstraint(
            "close_reason IS NULL OR close_reason IN ('completed', 'not_planned', 'duplicate') AND state = 'closed'",
            name="close_reason",
        ),
        CheckConstraint("resolution_note IS NULL OR state = 'closed'", name="resolution_note"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("estimate BETWEEN 0 AND 1000", name="estimate"),
        CheckConstraint("parent_id <> id", name="parent_id"),
    )


class IssueAlias(Model):
    """A number that an issue had in a project which it has left. It leads to the issue, as long as there is one."""

    __tablename__ = "issue_aliases"
    # Triggers stamp_* (projects/triggers.sql).

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    # None once the issue is deleted for good, as for its last number: an import must know that it was here.
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[Now]


class IssueLabel(Model):
    """`place` is where its issue stands on boards while it is open, `issue_created_at` when it was made: the database
    keeps both with the issue.
    """

    __tablename__ = "issue_labels"
    # Triggers document_labelled, document_unlabelled (documents/triggers.sql).
    # Triggers place_label, tied, untied, retied (issues/triggers.sql).
    # Triggers stamp_* (projects/triggers.sql).

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    label_id: Mapped[int] = mapped_column(ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True)

    place: Mapped[str | None] = mapped_column(PLACE)
    # None for a tie that an upgrade has not yet come to: webapp/issues/catching_up.py.
    issue_created_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "label_id", "issue_created_at", "issue_id"),
        Index("issue_labels_board_idx", "label_id", "place", "issue_id", postgresql_where=text("place IS NOT NULL")),
    )


class IssueAssignee(Model):
    """`project_id` and `place` are those of its issue; the latter while it is open. The database keeps them."""

    __tablename__ = "issue_assignees"
    # Triggers place_assignee, tied, untied, retied (issues/triggers.sql).
    # Triggers stamp_* (projects/triggers.sql).

    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)

    project_id: Mapped[int]
    place: Mapped[str | None] = mapped_column(PLACE)

    __table_args__ = (
        Index(None, "user_id", "issue_id"),
        Index(
            "issue_assignees_board_idx",
            "user_id",
            "project_id",
            "place",
            "issue_id",
            postgresql_where=text("place IS NOT NULL"),
        ),
    )


class Kind(StrEnum):
    """How one issue is related to another, told from the source's side."""

    BLOCKS = "blocks"
    RELATES = "relates"
    DUPLICATES = "duplicates"


class IssueLink(Model):
    """A relation of two issues. One that goes both ways is kept once, from the older to the newer issue."""

    __tablename__ = "issue_links"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    kind: Mapped[str]
    source_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    target_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Now]

    __table_args__ = (
        UniqueConstraint("source_id", "kind", "target_id"),
        Index(None, "target_id", "kind"),
        CheckConstraint("kind IN ('blocks', 'relates', 'duplicates')", name="kind"),
        CheckConstraint("source_id <> target_id", name="target_id"),
    )
