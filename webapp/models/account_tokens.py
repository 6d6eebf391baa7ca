from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Purpose(StrEnum):
    """What a link in a mail is for."""

    REGISTER = "register"  # make the account that somebody asked for
    CONFIRM = "confirm"  # the address of an account is its owner's
    RESET = "reset"  # give the account another password
    MOVE = "move"  # give the account this address
    UNDO = "undo"  # give it back the address that it had
    CLAIM = "claim"  # be the imported person that one was before


class AccountToken(Model):
    """A link that went to an address, and works once: whoever follows it reads what is sent there."""

    __tablename__ = "account_tokens"

    id: Mapped[Id]
    # Null where nobody has the address, or has it yet.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]
    # Of the link only this is kept: who reads the database cannot use it.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    email: Mapped[str] = mapped_column()
    # The person's epoch at that time: as soon as it is another, the link is worth nothing.
    epoch: Mapped[int | None]
    # What else was asked for: the name and the hashed password of a new account.
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", default=dict)
    created_at: Mapped[Now]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (
        Index("account_tokens_email_idx", func.lower(email), "purpose"),
        CheckConstraint("purpose IN ('register', 'confirm', 'reset', 'move', 'undo', 'claim')", name="purpose"),
    )
