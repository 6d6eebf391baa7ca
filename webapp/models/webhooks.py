"""Who else is told of what happens, by a request to an address; and each such request."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Form(StrEnum):
    """What a hook speaks: all that is known, or one line for a chat room."""

    STANDARD = "standard"
    SLACK = "slack"
    DISCORD = "discord"
    TEAMS = "teams"
    MATRIX = "matrix"


class Outcome(StrEnum):
    """What has become of a delivery. What is dropped was not to be told any more when its time came."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


class Webhook(Model):
    """A hook of a project, or of all of them.

    Its secret is made of `salt` by the key of this installation, and stands nowhere; for a while after it was
    changed, what is sent is signed with the former one as well.
    """

    __tablename__ = "webhooks"

    id: Mapped[Id]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    url: Mapped[str]
    form: Mapped[str] = mapped_column(server_default=Form.STANDARD.value, default=Form.STANDARD)
    # Kinds of events; or "everything".
    events: Mapped[list[str]] = mapped_column(ARRAY(String))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    former_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_until: Mapped[datetime | None]
    is_on: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    # Since when nothing that is sent there has been taken; and why it was switched off, if it switched off itself.
    failing_since: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    created_at: Mapped[Now]

    __table_args__ = (
        CheckConstraint("form IN ('standard', 'slack', 'discord', 'teams', 'matrix')", name="form"),
        CheckConstraint("cardinality(events) > 0", name="events"),
    )


class WebhookDelivery(Model):
    """What a hook is told of a change: of one issue, or of several from the first to the last.

    A change is told once, however often it is heard: that is what its key is for. Without a change it is a test, or
    the same again. What it says is written when it is first sent, and stays the same.
    """

    __tablename__ = "webhook_deliveries"

    id: Mapped[Id]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    change_id: Mapped[UUID | None]
    first_issue_id: Mapped[int | None]
    last_issue_id: Mapped[int | None]
    issues: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    # The same for whoever is told it again.
    message_id: Mapped[str]
    body: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=Outcome.WAITING.value, default=Outcome.WAITING)
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    # What was answered last: never what it says. `answer` tells why it did not succeed.
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    answer: Mapped[str | None]
    took: Mapped[int | None]
    created_at: Mapped[Now]
    tried_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("webhook_id", "change_id", "first_issue_id"),
        Index(None, "webhook_id", "id"),
        Index(None, "created_at"),
        CheckConstraint("state IN ('waiting', 'sent', 'dropped', 'failed')", name="state"),
    )
