from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, ForeignKey, LargeBinary, text
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
    # Those that it is limited to, as those of a personal access token; null are all.
    project_ids: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    created_at: Mapped[Now]
    expires_at: Mapped[datetime] = mapped_column(server_default=text("now() + interval '365 days'"))
    used_on: Mapped[date | None]
    # That its owner was told of its end.
    warned_at: Mapped[datetime | None]
