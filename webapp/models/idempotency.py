from sqlalchemy import ForeignKey, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model, Now


class KeyedRequest(Model):
    """A request that was carried out under a key, and how it was answered."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    # A sum of what was asked for: the same key with something else is a mistake.
    fingerprint: Mapped[bytes]
    status: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    location: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[Now] = mapped_column(index=True)
