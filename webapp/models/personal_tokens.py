from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model


class PersonalToken(Model):
    """A personal access token: a sign-in that a program asks through, without a login.

    Whose it is, when it was made and by what, when it ends and that it was revoked stand in its sign-in, so that all
    who ask whether a sign-in still stands ask it of this one too.
    """

    __tablename__ = "personal_tokens"

    id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("sign_ins.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str]
    scope: Mapped[str]
    # Of the secret only this and its end are kept: who reads the database cannot use it.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    last_four: Mapped[str]
    # Those that it is limited to; null are all. No foreign keys: a project that is gone must not widen it, and no id
    # is given twice.
    project_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    used_on: Mapped[date | None]
    # That its owner was told of its end.
    warned_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("scope IN ('read', 'write', 'admin')", name="scope"),)
