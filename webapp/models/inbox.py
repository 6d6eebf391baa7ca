"""What waits for people to look at it: one row for a person and an issue."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Reason(StrEnum):
    """Why somebody hears of an issue, the strongest first."""

    ASSIGNED = "assigned"
    MENTIONED = "mentioned"
    AUTHOR = "author"
    COMMENTED = "commented"
    QUERY = "query"
    NEW_ISSUE = "new_issue"
    WATCHING = "watching"


STRENGTH = {reason: place for place, reason in enumerate(Reason)}
REASONS = ", ".join(f"'{one}'" for one in Reason)
# What is read is as of now; what is done, or sleeps, is not among it.
WAITING = "done_at IS NULL"
UNREAD = "first_unread_id IS NOT NULL AND done_at IS NULL"


class InboxItem(Model):
    """What a person was told of an issue. Where that is, and whether they may still see it, the issue's row tells."""

    __tablename__ = "inbox_items"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id", ondelete="CASCADE"))
    reason: Mapped[str]
    # The first event that they have not read, and the last that they were told; None once they have read it all.
    first_unread_id: Mapped[int | None]
    last_event_id: Mapped[int]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]
    # Put aside since then; what happens later takes it back.
    done_at: Mapped[datetime | None]
    # Not to be shown before then.
    snoozed_until: Mapped[datetime | None]
    # The last change that its owner made, and what was before it: what undoes it.
    change_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        # By the issue first: what goes with an issue is found, and the row of one person too.
        UniqueConstraint("issue_id", "user_id"),
        Index(None, "user_id", "updated_at", "id"),
        Index("inbox_items_waiting_idx", "user_id", "updated_at", "id", postgresql_where=text(WAITING)),
        Index("inbox_items_unread_idx", "user_id", "snoozed_until", "issue_id", postgresql_where=text(UNREAD)),
        CheckConstraint(f"reason IN ({REASONS})", name="reason"),
    )
