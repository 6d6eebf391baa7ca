"""Mail that came in, and which projects take some."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, false
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class State(StrEnum):
    """What has become of a mail that came in."""

    WAITING = "waiting"
    HELD = "held"  # from somebody who is not known here: a maintainer decides
    TAKEN = "taken"
    IGNORED = "ignored"  # sent by a program, or without words
    REFUSED = "refused"
    FAILED = "failed"  # tried as often as may be; whoever runs this can have it tried again


class IncomingMail(Model):
    """A mail as it came, for one address here. Its source is erased as soon as it is clear what becomes of it."""

    __tablename__ = "incoming_mails"

    id: Mapped[Id]
    # Of its Message-ID and its recipient: what comes twice is taken once.
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    recipient: Mapped[str]
    source: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Who says in it that they wrote it.
    sender: Mapped[str] = mapped_column(server_default="")
    subject: Mapped[str] = mapped_column(server_default="")
    # How what they wrote begins, and what its files are called, for whoever decides. Erased with the source.
    words: Mapped[str] = mapped_column(Text, server_default="")
    files: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    state: Mapped[str] = mapped_column(server_default=State.WAITING)
    # Why it was refused or ignored, or what of it could not be done.
    answer: Mapped[str] = mapped_column(server_default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    # What was made of it.
    issue_id: Mapped[int | None] = mapped_column(ForeignKey("issues.id", ondelete="SET NULL"), index=True)
    came_at: Mapped[Now]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'held', 'taken', 'ignored', 'refused', 'failed')", name="state"),
        Index("incoming_mails_sender_idx", "sender", "came_at"),
        Index("incoming_mails_project_id_idx", "project_id", "id"),
        Index("incoming_mails_came_at_idx", "came_at"),
    )


class ProjectMailbox(Model):
    """A project that makes issues of mail to its address. One without a row does not."""

    __tablename__ = "project_mailboxes"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    # Whether these issues are private.
    private: Mapped[bool] = mapped_column(server_default=false(), default=False)
    created_at: Mapped[Now]
