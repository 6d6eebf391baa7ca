"""Queries about personal access tokens. Whether one stands is asked of its sign-in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from webapp.auth.rows import Ending, keys_within
from webapp.db import db
from webapp.models.accounts import User
from webapp.models.auth import SignIn
from webapp.models.personal_tokens import PersonalToken
from webapp.personal_tokens.rows import PersonalTokenRow
from webapp.reading import read

_OVER = SignIn.ends_at <= func.now()
_SHOWN = (
    select(
        PersonalToken.id, PersonalToken.name, PersonalToken.scope, PersonalToken.last_four, SignIn.agent,
        SignIn.created_at, SignIn.ends_at, PersonalToken.used_on, _OVER,
        keys_within(PersonalToken.project_ids),
    )
    .join(SignIn, SignIn.id == PersonalToken.id)
    .where(SignIn.revoked_at.is_(None))
)  # fmt: skip


def of(user_id: int) -> Sequence[PersonalTokenRow]:
    """Somebody's tokens that were not revoked, the newest first."""
    rows = read(_SHOWN.where(SignIn.user_id == user_id).order_by(PersonalToken.id.desc()))
    return [PersonalTokenRow(*row) for row in rows]


def one(token_id: int) -> PersonalTokenRow | None:
    """A token that was not revoked."""
    row = read(_SHOWN.where(PersonalToken.id == token_id)).one_or_none()
    return PersonalTokenRow(*row) if row else None


def own(user_id: int, token_id: int) -> PersonalTokenRow | None:
    """The same, if it is this person's."""
    row = read(_SHOWN.where(PersonalToken.id == token_id, SignIn.user_id == user_id)).one_or_none()
    return PersonalTokenRow(*row) if row else None


def limit(token_id: int, project_ids: list[int] | None) -> None:
    """Let it reach these projects from now on; None are all."""
    db.session.execute(update(PersonalToken).where(PersonalToken.id == token_id).values(project_ids=project_ids))


def lock_person(user_id: int) -> bool:
    """Lock a person until the transaction ends; whether they may log in."""
    whose = select(User.is_active).where(User.id == user_id).with_for_update(key_share=True)
    return db.session.execute(whose).scalar_one()


def add(user_id: int, agent: str, ends_at: datetime, **token: object) -> int:
    """A new token of somebody, with the sign-in that it is; returns its id."""
    begun = insert(SignIn).values(user_id=user_id, agent=agent, ends_at=ends_at).returning(SignIn.id)
    made: int = db.session.execute(begun).scalar_one()
    db.session.execute(insert(PersonalToken).values(id=made, **token))
    return made


def revoke(user_id: int, token_id: int) -> bool:
    """Revoke a token of this person; whether there was one."""
    mine = SignIn.id == PersonalToken.id, PersonalToken.id == token_id, SignIn.user_id == user_id
    own = update(SignIn).where(*mine, SignIn.revoked_at.is_(None))
    return db.session.execute(own.values(revoked_at=func.now()).returning(SignIn.id)).one_or_none() is not None


def take_ending(within: timedelta) -> Sequence[Ending]:
    """Those that end soon and whose owners were not told, noted as told. What was made for less is known to end."""
    soon = SignIn.revoked_at.is_(None), SignIn.ends_at > func.now(), SignIn.ends_at <= func.now() + within
    untold = PersonalToken.warned_at.is_(None), SignIn.ends_at - SignIn.created_at > within
    told = update(PersonalToken).where(SignIn.id == PersonalToken.id, *soon, *untold).values(warned_at=func.now())
    return [Ending(*row) for row in db.session.execute(told.returning(PersonalToken.id, SignIn.user_id))]


def forget(after: timedelta, limit: int) -> int:
    """Forget those that were revoked, and those whose end is long past; how many there were."""
    long_over = SignIn.revoked_at.is_not(None) | (SignIn.ends_at < func.now() - after)
    some = select(SignIn.id).join(PersonalToken, PersonalToken.id == SignIn.id).where(long_over).limit(limit)
    gone = delete(SignIn).where(SignIn.id.in_(some.with_for_update(of=SignIn, skip_locked=True)))
    return len(db.session.execute(gone.returning(SignIn.id)).all())
