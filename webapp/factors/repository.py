"""Queries about second factors."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from webapp.db import db
from webapp.factors.rows import AuthenticatorRow, Factors, PasskeyRow
from webapp.models.accounts import User
from webapp.models.factors import Authenticator, Passkey, RecoveryCode, UsedChallenge
from webapp.reading import read


def of(user_id: int) -> Factors:
    """All that a person has."""
    app = read(
        select(Authenticator.created_at, Authenticator.used_at).where(Authenticator.user_id == user_id)
    ).first()
    own = select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.used_at).where(Passkey.user_id == user_id)
    passkeys = [PasskeyRow(*row) for row in read(own.order_by(Passkey.id))]
    return Factors(AuthenticatorRow(*app) if app else None, passkeys, codes_left(user_id))


def codes_left(user_id: int) -> int:
    """How many recovery codes of the person were not used yet."""
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(left) or 0


def person(user_id: int) -> User | None:
    """The person as they are now."""
    return db.session.get(User, user_id, populate_existing=True)


def locked(user_id: int) -> User | None:
    """The person as they are now, locked until the transaction ends; what only refers to them is not held up."""
    return db.session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)


def locked_at(email: str) -> User | None:
    """The same by their address, in any case."""
    theirs = select(User).where(func.lower(User.email) == func.lower(email)).with_for_update(key_share=True)
    return db.session.scalar(theirs.execution_options(populate_existing=True))


def has_any(user_id: int) -> bool:
    """Whether the person has anything that is asked for at a login. A code on paper stands for one, and is none."""
    apps = select(Authenticator.user_id).where(Authenticator.user_id == user_id)
    passkeys = select(Passkey.id).where(Passkey.user_id == user_id)
    return db.session.scalar(select(or_(apps.exists(), passkeys.exists()))) is True


def authenticator(user_id: int) -> Authenticator | None:
    """The person's app."""
    return db.session.get(Authenticator, user_id, populate_existing=True)


def authenticators() -> Sequence[Authenticator]:
    """All apps, locked until the transaction ends."""
    return db.session.scalars(select(Authenticator).order_by(Authenticator.user_id).with_for_update()).all()


def put_authenticator(user_id: int, seed: bytes, step: int) -> None:
    """Let this be the person's app, whose code of the half minute `step` was just seen."""
    db.session.execute(insert(Authenticator).values(user_id=user_id, seed=seed, last_step=step))


def advance(user_id: int, step: int) -> bool:
    """Take a code of the half minute `step`, unless one of it or of a later one was taken; whether it was."""
    later = update(Authenticator).where(Authenticator.user_id == user_id, Authenticator.last_step < step)
    taken = later.values(last_step=step, used_at=func.now()).returning(Authenticator.user_id)
    return db.session.scalar(taken) is not None


def remove_authenticator(user_id: int) -> bool:
    """Take the app away; whether there was one."""
    gone = delete(Authenticator).where(Authenticator.user_id == user_id).returning(Authenticator.user_id)
    return db.session.scalar(gone) is not None


def passkeys(user_id: int) -> Sequence[Passkey]:
    """The person's passkeys, the oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def presented(credential_id: bytes) -> Passkey | None:
    """The passkey that a browser says it has used, as it is now."""
    wanted = select(Passkey).where(Passkey.credential_id == credential_id)
    return db.session.scalar(wanted.execution_options(populate_existing=True))


def add_passkey(user_id: int, name: str, credential_id: bytes, public_key: bytes, sign_count: int) -> None:
    """Remember a passkey."""
    values = {"user_id": user_id, "name": name, "credential_id": credential_id}
    db.session.execute(insert(Passkey).values(**values, public_key=public_key, sign_count=sign_count))


def use_passkey(passkey_id: int, sign_count: int) -> None:
    """Note that a passkey was used, and how often it says that it was."""
    db.session.execute(
        update(Passkey).where(Passkey.id == passkey_id).values(sign_count=sign_count, used_at=func.now())
    )


def rename_passkey(user_id: int, passkey_id: int, name: str) -> bool:
    """Give the person's passkey another name; whether there is such."""
    own = update(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id)
    return db.session.scalar(own.values(name=name).returning(Passkey.id)) is not None


def remove_passkey(user_id: int, passkey_id: int) -> bool:
    """Take a passkey away; whether there was such."""
    gone = delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id).returning(Passkey.id)
    return db.session.scalar(gone) is not None


def put_codes(user_id: int, sums: Sequence[bytes]) -> None:
    """Let these be the person's recovery codes; those that there were are worth nothing."""
    remove_codes(user_id)
    db.session.execute(insert(RecoveryCode).values([{"user_id": user_id, "code_hash": one} for one in sums]))


def use_code(user_id: int, code_hash: bytes) -> bool:
    """Use a recovery code up; whether there was such."""
    left = update(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(left.values(used_at=func.now()).returning(RecoveryCode.id)) is not None


def remove_codes(user_id: int) -> None:
    """Take all recovery codes away."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def remove_all(user_id: int) -> None:
    """Take away all that a person has."""
    db.session.execute(delete(Authenticator).where(Authenticator.user_id == user_id))
    db.session.execute(delete(Passkey).where(Passkey.user_id == user_id))
    remove_codes(user_id)


def use_challenge(digest: bytes, kept: timedelta) -> bool:
    """Use a challenge up, and forget those that would not be taken any more by their age; whether it was unused."""
    db.session.execute(delete(UsedChallenge).where(UsedChallenge.used_at < func.now() - kept))
    once = upsert(UsedChallenge).values(digest=digest).on_conflict_do_nothing().returning(UsedChallenge.digest)
    return db.session.scalar(once) is not None
