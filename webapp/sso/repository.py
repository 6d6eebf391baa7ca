"""Queries about logins elsewhere."""

from collections.abc import Sequence

from sqlalchemy import delete, exists, func, select

from webapp.db import db
from webapp.models.accounts import User
from webapp.models.auth import SignIn
from webapp.models.sso import OutsideIdentity
from webapp.reading import read
from webapp.sso.rows import IdentityRow

_SHOWN = (
    OutsideIdentity.id, OutsideIdentity.provider, OutsideIdentity.subject, OutsideIdentity.email,
    OutsideIdentity.created_at, OutsideIdentity.last_used_at,
)  # fmt: skip


def owner(provider: str, subject: str) -> User | None:
    """Whose login this is."""
    whose = select(User).join(OutsideIdentity, OutsideIdentity.user_id == User.id)
    return db.session.scalar(whose.where(OutsideIdentity.provider == provider, OutsideIdentity.subject == subject))


def addressed(email: str) -> User | None:
    """The person who has this address, in any case."""
    return db.session.scalar(select(User).where(func.lower(User.email) == func.lower(email)))


def person(user_id: int) -> User | None:
    return db.session.get(User, user_id, populate_existing=True)


def locked_person(user_id: int) -> User | None:
    """A person as they are now, locked until the transaction ends; what only refers to them is not held up."""
    return db.session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)


def kept(provider: str, subject: str) -> OutsideIdentity | None:
    """The login as it is kept now."""
    one = select(OutsideIdentity).where(OutsideIdentity.provider == provider, OutsideIdentity.subject == subject)
    return db.session.scalar(one.execution_options(populate_existing=True))


def locked(provider: str, subject: str) -> OutsideIdentity | None:
    """The login as it is kept, locked until the transaction ends."""
    one = select(OutsideIdentity).where(OutsideIdentity.provider == provider, OutsideIdentity.subject == subject)
    return db.session.scalar(one.with_for_update().execution_options(populate_existing=True))


def locked_of(*user_ids: int) -> Sequence[OutsideIdentity]:
    """The logins of these people as they are kept, locked until the transaction ends."""
    all_ = select(OutsideIdentity).where(OutsideIdentity.user_id.in_(user_ids)).order_by(OutsideIdentity.id)
    return list(db.session.scalars(all_.with_for_update().execution_options(populate_existing=True)))


def of(user_id: int) -> Sequence[IdentityRow]:
    """The logins of a person, the oldest first."""
    own = select(*_SHOWN).where(OutsideIdentity.user_id == user_id).order_by(OutsideIdentity.id)
    return [IdentityRow(*row) for row in read(own)]


def has_of(user_id: int, provider: str) -> bool:
    """Whether the person has one of this provider."""
    own = exists().where(OutsideIdentity.user_id == user_id, OutsideIdentity.provider == provider)
    return db.session.scalar(select(own)) is True


def logged_in(provider: str) -> Sequence[tuple[int, str]]:
    """Who has one of this provider, and a login or token that stands: person and subject."""
    stands = exists().where(
        SignIn.user_id == OutsideIdentity.user_id, SignIn.revoked_at.is_(None), SignIn.ends_at > func.now()
    )
    whose = select(OutsideIdentity.user_id, OutsideIdentity.subject).where(
        OutsideIdentity.provider == provider, stands
    )
    return [(user_id, subject) for user_id, subject in read(whose.order_by(OutsideIdentity.id))]


def add(row: OutsideIdentity) -> None:
    db.session.add(row)
    db.session.flush()


def remove(identity_id: int) -> None:
    db.session.execute(delete(OutsideIdentity).where(OutsideIdentity.id == identity_id))
