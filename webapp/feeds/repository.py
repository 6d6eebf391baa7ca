"""Queries about feed tokens."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, insert, select, update

from webapp.auth.rows import Ending, keys_within, within
from webapp.db import AnyRow, db
from webapp.feeds.rows import FeedTokenRow
from webapp.models.accounts import ACTING, User
from webapp.models.feeds import FeedToken
from webapp.reading import read

_SHOWN = select(
    FeedToken.id, FeedToken.name, FeedToken.last_four, FeedToken.created_at, FeedToken.expires_at, FeedToken.used_on,
    FeedToken.epoch != User.token_epoch, FeedToken.expires_at <= func.now(),
    keys_within(FeedToken.project_ids),
).join(User, User.id == FeedToken.user_id)  # fmt: skip


def of(user_id: int) -> Sequence[FeedTokenRow]:
    """Somebody's tokens, the newest first."""
    rows = read(_SHOWN.where(FeedToken.user_id == user_id).order_by(FeedToken.id.desc()))
    return [FeedTokenRow(*row) for row in rows]


def one(token_id: int) -> FeedTokenRow | None:
    row = read(_SHOWN.where(FeedToken.id == token_id)).one_or_none()
    return FeedTokenRow(*row) if row else None


def own(user_id: int, token_id: int) -> FeedTokenRow | None:
    """A token of this person."""
    row = read(_SHOWN.where(FeedToken.id == token_id, FeedToken.user_id == user_id)).one_or_none()
    return FeedTokenRow(*row) if row else None


def limit(token_id: int, project_ids: list[int] | None) -> None:
    """Let it read these projects alone from now on; None are all."""
    db.session.execute(update(FeedToken).where(FeedToken.id == token_id).values(project_ids=project_ids))


def lock_person(user_id: int) -> int:
    """Lock a person until the transaction ends; returns the epoch of their tokens."""
    return db.session.execute(select(User.token_epoch).where(User.id == user_id).with_for_update()).scalar_one()


def add(user_id: int, **token: object) -> int:
    """A new token; returns its id."""
    made = insert(FeedToken).values(user_id=user_id, **token)
    return db.session.execute(made.returning(FeedToken.id)).scalar_one()


def remove(user_id: int, token_id: int) -> str | None:
    """Forget a token of this person: its name, if there was one."""
    own = delete(FeedToken).where(FeedToken.id == token_id, FeedToken.user_id == user_id)
    return db.session.scalar(own.returning(FeedToken.name))


def presented(digest: bytes) -> AnyRow | None:
    """The person whose token has this hash, if it still holds, its projects, and whether it was used today."""
    return read(
        select(
            *ACTING,
            FeedToken.id.label("token_id"), within(FeedToken.project_ids),
            (FeedToken.used_on == func.current_date()).label("is_known_today"),
        )
        .join(FeedToken, FeedToken.user_id == User.id)
        .where(
            FeedToken.token_hash == digest, FeedToken.epoch == User.token_epoch, FeedToken.expires_at > func.now(),
            User.is_active,
        )
    ).one_or_none()  # fmt: skip


def note_use(token_id: int) -> None:
    """It was used today. Whoever notes the same at this moment is not waited for."""
    idle = select(FeedToken.id).where(FeedToken.id == token_id).with_for_update(skip_locked=True)
    db.session.execute(update(FeedToken).where(FeedToken.id.in_(idle)).values(used_on=func.current_date()))


def take_ending(span: timedelta) -> Sequence[Ending]:
    """Those that end soon and whose owners were not told, noted as told. What was made for less is known to end."""
    soon = FeedToken.expires_at > func.now(), FeedToken.expires_at <= func.now() + span
    untold = FeedToken.warned_at.is_(None), FeedToken.expires_at - FeedToken.created_at > span
    told = update(FeedToken).where(*soon, *untold).values(warned_at=func.now())
    return [Ending(*row) for row in db.session.execute(told.returning(FeedToken.id, FeedToken.user_id))]
