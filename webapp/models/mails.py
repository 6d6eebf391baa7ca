from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class State(StrEnum):
    """What has become of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"  # it would have told what is no longer so, or what its reader may no longer know
    FAILED = "failed"  # refused for good


class Mail(Model):
    """A mail to one person. What it says is made of `data` when it is sent, as things are then."""

    __tablename__ = "mails"

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # Where it goes, or went; null while that is the address that its reader has when it is sent.
    address: Mapped[str | None]
    kind: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", default=dict)
    # What a further event is added to; null as soon as nothing may be added any more.
    key: Mapped[str | None]
    # Of chance and not of the id: after a backup was restored ids come again, and mailboxes drop what they know.
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(server_default=State.WAITING)
    # What the server said last, or why it was dropped.
    answer: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[Now]
    due_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        Index("mails_key_key", "key", unique=True, postgresql_where=text("key IS NOT NULL")),
        CheckConstraint("state IN ('waiting', 'sent', 'dropped', 'failed')", name="state"),
        CheckConstraint("user_id IS NOT NULL OR address IS NOT NULL", name="reader"),
    )
