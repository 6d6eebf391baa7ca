"""Queries about feed tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, update

from webapp.db import AnyRow, db
from webapp.models.accounts import ACTING, User
from webapp.models.feeds import FeedToken
from webapp.reading import read


@dataclass(frozen=True, slots=True)
class FeedTokenRow:
    """A token as its owner sees it."""

    id: int
    name: str
    last_four: str
    created_at: datetime
    used_on: date | None
    is_over: bool


_SHOWN = select(
    FeedToken.id, FeedToken.name, FeedToken.last_four, FeedToken.created_at, FeedToken.used_on,
    FeedToken.epoch != User.token_epoch,
).join(User, User.id == FeedToken.user_id)  # fmt: skip


def of(user_id: int) -> Sequence[FeedTokenRow]:
    """Somebody's tokens, the newest first."""
    rows = read(_SHOWN.where(FeedToken.user_id == user_id).order_by(FeedToken.id.desc()))
    return [FeedTokenRow(*row) for row in rows]


def one(token_id: int) -> FeedTokenRow:
    return FeedTokenRow(*read(_SHOWN.where(FeedToken.id == token_id)).one())


def lock_person(user_id: int) -> int:
    """Lock a person until the transaction ends; returns the epoch of their tokens."""
    return db.session.execute(select(User.token_epoch).where(User.id == user_id).with_for_update()).scalar_one()


def add(user_id: int, name: str, digest: bytes, last_four: str, epoch: int) -> int:
    """A new token; returns its id."""
    values = {"user_id": user_id, "name": name, "token_hash": digest, "last_four": last_four, "epoch": epoch}
    return db.session.execute(insert(FeedToken).values(values).returning(FeedToken.id)).scalar_one()


def remove(user_id: int, token_id: int) -> bool:
    """Forget a token of this person; whether there was one."""
    own = delete(FeedToken).where(FeedToken.id == token_id, FeedToken.user_id == user_id)
    return db.session.execute(own.returning(FeedToken.id)).one_or_none() is not None


def presented(digest: bytes) -> AnyRow | None:
    """The person whose token has this hash, if it still holds, and whether it was used today."""
    return read(
        select(
            *ACTING,
            FeedToken.id.label("token_id"), (FeedToken.used_on == func.current_date()).label("is_known_today"),
        )
        .join(FeedToken, FeedToken.user_id == User.id)
        .where(FeedToken.token_hash == digest, FeedToken.epoch == User.token_epoch, User.is_active)
    ).one_or_none()  # fmt: skip


def note_use(token_id: int) -> None:
    """It was used today. Whoever notes the same at this moment is not waited for."""
    idle = select(FeedToken.id).where(FeedToken.id == token_id).with_for_update(skip_locked=True)
    db.session.execute(update(FeedToken).where(FeedToken.id.in_(idle)).values(used_on=func.current_date()))
