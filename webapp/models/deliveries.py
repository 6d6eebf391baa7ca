"""Who was told what, when, by which way, and why."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now
from webapp.models.inbox import REASONS


class Way(StrEnum):
    """How somebody is told."""

    INBOX = "inbox"
    MAIL = "mail"
    DIGEST = "digest"


class Outcome(StrEnum):
    """What has become of it. What is dropped was not to be told any more when its time came."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


class Delivery(Model):
    """What one change of an issue was to one person, by one way: its events from the first to the last.

    A change is told once, however often it is heard: that is what its key is for.
    """

    __tablename__ = "deliveries"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # Where the issue was then.
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", ondelete="SET NULL"))
    change_id: Mapped[UUID]
    event_id: Mapped[int]
    last_event_id: Mapped[int]
    way: Mapped[str]
    reason: Mapped[str]
    # As what it is told: the rules for these are asked again when its time has come.
    news: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    # What decided about the way, in a few words.
    rule: Mapped[str] = mapped_column(server_default="", default="")
    state: Mapped[str] = mapped_column(server_default=Outcome.WAITING.value, default=Outcome.WAITING)
    # What the other side said, or why it was dropped.
    answer: Mapped[str | None]
    # The mail that it is a part of; mails go after a while, and what became of them stays here.
    mail_id: Mapped[int | None]
    due_at: Mapped[datetime | None]
    created_at: Mapped[Now]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("issue_id", "user_id", "change_id", "way"),
        Index(None, "user_id", "id"),
        Index("deliveries_mail_id_idx", "mail_id", postgresql_where=text("mail_id IS NOT NULL")),
        # What the next digest of somebody is made of.
        Index(
            "deliveries_digest_idx",
            "user_id",
            "due_at",
            postgresql_where=text("way = 'digest' AND state = 'waiting'"),
        ),
        Index(None, "created_at"),
        CheckConstraint("way IN ('inbox', 'mail', 'digest')", name="way"),
        CheckConstraint("state IN ('waiting', 'sent', 'dropped', 'failed')", name="state"),
        CheckConstraint(f"reason IN ({REASONS})", name="reason"),
    )
