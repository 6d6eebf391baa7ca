from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class Authenticator(Model):
    """Somebody's app that shows six digits every half minute (TOTP). It counts once it has shown right ones."""

    __tablename__ = "authenticators"

    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    # Encrypted: who reads the database makes no codes of it.
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    # The half minute (Unix time / 30) of the last code that was taken: none of it or of one before is taken again.
    last_step: Mapped[int]
    created_at: Mapped[Now]
    used_at: Mapped[datetime | None]


class Passkey(Model):
    """A key of somebody's device, by its public half. It signs a challenge to show that the device is there."""

    __tablename__ = "passkeys"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # How often the device says that the key was used; one that falls back was copied. Many devices always say 0.
    sign_count: Mapped[int]
    created_at: Mapped[Now]
    used_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """A code on paper, for somebody whose devices are gone. Each is taken once."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)


class UsedChallenge(Model):
    """A challenge that was answered, for as long as it would be taken. That it was ours, its signature says."""

    __tablename__ = "used_challenges"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[Now]
