from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Invitation(Model):
    """A way into a project for an address that nobody here has. Whoever holds the link may take it, once."""

    __tablename__ = "invitations"
    # Triggers stamp_* (projects/triggers.sql).

    id: Mapped[Id]
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column()
    role: Mapped[str]
    # Of the link only this is kept: who reads the database cannot use it.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    invited_by: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Now]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    # Its link was told to nobody but by a mail to the address: whoever has it reads what goes there.
    mailed: Mapped[bool] = mapped_column(server_default=false())

    __table_args__ = (
        Index(
            "invitations_email_key",
            project_id,
            func.lower(email),
            unique=True,
            postgresql_where=text("accepted_at IS NULL"),
        ),
        Index(None, "project_id"),
        CheckConstraint("role IN ('owner', 'maintainer', 'member', 'reporter', 'viewer')", name="role"),
    )


class Block(Model):
    """Somebody whom a project's owners let only read, as far as all may. It says nothing of who is a member."""

    __tablename__ = "project_blocks"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    blocked_by: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Now]
