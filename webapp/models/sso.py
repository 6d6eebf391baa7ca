from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class OutsideIdentity(Model):
    """Somebody as a provider knows them: by a subject that never changes, whatever becomes of name and address."""

    __tablename__ = "outside_identities"

    id: Mapped[Id]
    provider: Mapped[str]
    subject: Mapped[str]
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # As the provider told it last; it need not be the account's.
    email: Mapped[str | None]
    # What the person has by their groups there, and loses with them: {"admin": true, "roles": {"CORE": "member"}}.
    granted: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"), default=dict)
    created_at: Mapped[Now]
    last_used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("provider", "subject"),)
