from datetime import date

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Id, Model, Now


class FeedToken(Model):
    """A secret that lets a calendar or a feed reader read what its owner may read, and nothing else."""

    __tablename__ = "feed_tokens"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    # Of the secret only this and its end are kept: who reads the database cannot use it.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    last_four: Mapped[str]
    # Its owner's then: another password raises theirs, and thereby ends this.
    epoch: Mapped[int]
    created_at: Mapped[Now]
    used_on: Mapped[date | None]
