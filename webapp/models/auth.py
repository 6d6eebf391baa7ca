from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class SignIn(Model):
    """One login of one browser or client. A token names its row, so revoking the row ends the token at once."""

    __tablename__ = "sign_ins"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Now]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    agent: Mapped[str | None]
    # Hashes of the API client's refresh token: the current one, and its predecessor for a short grace.
    refresh_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    former_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    refreshed_at: Mapped[datetime | None]


class Failure(Model):
    """Failed logins of late, per address, account, and pair of both; registrations, per address; allowances.

    Unlogged: a crash may forget them.
    """

    __tablename__ = "login_failures"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[Now]
