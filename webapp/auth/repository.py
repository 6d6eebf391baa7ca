from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import case, delete, exists, func, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert

from webapp.auth import rows
from webapp.auth.rows import ASKING, OWN, PERSON, SignedIn
from webapp.db import AnyRow, db
from webapp.models.accounts import FormerUser, User
from webapp.models.auth import Failure, SignIn
from webapp.models.personal_tokens import PersonalToken
from webapp.reading import Gathered, Text, gathered, read
from webapp.single import alone, is_alone

# Runs with every request that names no project; for the others see webapp/entrance/guard.py.
_PERSON = Gathered(select(*PERSON).select_from(User).join(SignIn, OWN).where(*ASKING), rows.signed_in)

_STANDING = (SignIn.revoked_at.is_(None), SignIn.ends_at > func.now())
_IS_TOKEN = exists().where(PersonalToken.id == SignIn.id)
_IS_LOGIN = ~_IS_TOKEN


def signed_in(user_id: int, sid: int) -> SignedIn | None:
    """The person of a sign-in, and what may end it."""
    return gathered(_PERSON, {"user_id": user_id, "sid": sid})


def credentials(email: str) -> User | None:
    """The person who logs in with this address, in any case."""
    return db.session.scalar(select(User).where(func.lower(User.email) == func.lower(email)))


def handles(beginning: str) -> set[str]:
    """The handles that begin like this; those, too, that lead to somebody whose account had them."""
    taken = (User.handle, FormerUser.handle)
    each = (select(handle).where(handle.startswith(beginning, autoescape=True)) for handle in taken)
    return {handle for handle in db.session.scalars(union_all(*each)) if handle}


def add(row: User | SignIn) -> None:
    db.session.add(row)
    db.session.flush()


def revoke(sid: int) -> AnyRow | None:
    """End a sign-in; whose it was (id, name), unless it was over before."""
    ended = update(SignIn).where(SignIn.id == sid, SignIn.revoked_at.is_(None), OWN).values(revoked_at=func.now())
    return db.session.execute(ended.returning(User.id, User.name)).one_or_none()


def revoke_own(user_id: int, sid: int) -> AnyRow | None:
    """The same for a login of this person: its agent, if it was one that stood."""
    own = update(SignIn).where(SignIn.id == sid, SignIn.user_id == user_id, *_STANDING, _IS_LOGIN)
    return db.session.execute(own.values(revoked_at=func.now()).returning(SignIn.agent)).one_or_none()


def revoke_all(user_id: int, *, but: int = 0) -> int:
    """Each login of the person; a refresh token asks for its row, not for the person's epoch. How many."""
    every = update(SignIn).where(SignIn.user_id == user_id, SignIn.id != but, SignIn.revoked_at.is_(None), _IS_LOGIN)
    return len(db.session.scalars(every.values(revoked_at=func.now()).returning(SignIn.id)).all())


def revoke_tokens(user_id: int) -> int:
    """Each personal access token of the person. How many."""
    every = update(SignIn).where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None), _IS_TOKEN)
    return len(db.session.scalars(every.values(revoked_at=func.now()).returning(SignIn.id)).all())


def note_use(token_id: int) -> None:
    """A personal access token was used today. Whoever notes the same at this moment is not waited for."""
    idle = select(PersonalToken.id).where(PersonalToken.id == token_id).with_for_update(skip_locked=True)
    used = update(PersonalToken).where(PersonalToken.id.in_(idle))
    db.session.execute(used.values(used_on=func.current_date()))


def is_used(user_id: int, agent: str) -> bool:
    """Whether the person is logged in with a browser or program that calls itself so."""
    same = select(SignIn.id).where(SignIn.user_id == user_id, SignIn.agent == agent, *_STANDING, _IS_LOGIN)
    return db.session.scalar(select(same.exists())) is True


def standing(user_id: int, first: int, limit: int) -> Sequence[SignIn]:
    """The logins of the person that still stand: the `first` one, then the latest."""
    return db.session.scalars(
        select(SignIn)
        .where(SignIn.user_id == user_id, *_STANDING, _IS_LOGIN)
        .order_by((SignIn.id == first).desc(), SignIn.id.desc())
        .limit(limit)
    ).all()


def locked(sid: int) -> SignIn | None:
    """A sign-in as it is now, locked until the transaction ends."""
    return db.session.get(SignIn, sid, with_for_update=True, populate_existing=True)


def user(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def held_user(user_id: int) -> User | None:
    """A person as they are now, whom nobody changes until the transaction ends."""
    return db.session.get(User, user_id, with_for_update={"read": True}, populate_existing=True)


def locked_by_address(email: str) -> User | None:
    """The person with this address as they are now, locked until the transaction ends.

    What only refers to them is not held up by that.
    """
    statement = select(User).where(func.lower(User.email) == func.lower(email)).with_for_update(key_share=True)
    return db.session.scalar(statement.execution_options(populate_existing=True))


def locked_by_number(user_id: int) -> User | None:
    """The same by their number."""
    return db.session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)


def lock_standing() -> None:
    """Let nobody else say who is an administrator, or active, until the transaction ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("standing", 0))))


def has_account() -> bool:
    """Whether there is anybody with a password: who was imported has none."""
    return db.session.scalar(select(exists().where(User.password_hash.is_not(None)))) is True


def has_administrator(*, but: int) -> bool:
    """Whether somebody else is an administrator who can log in."""
    others = select(User.id).where(User.is_admin, User.is_active, User.password_hash.is_not(None), User.id != but)
    return db.session.scalar(select(others.exists())) is True


def locked_user(user_id: int) -> User | None:
    """A person as they are now, locked until the transaction ends."""
    return db.session.get(User, user_id, with_for_update=True, populate_existing=True)


def failures(keys: Sequence[str], within: timedelta) -> Sequence[tuple[str, int, float]]:
    """(key, failures, seconds since the last one) of those keys that failed lately."""
    age = func.extract("epoch", func.now() - Failure.last_at)
    rows = read(
        select(Failure.key, Failure.count, age).where(Failure.key.in_(keys), Failure.last_at > func.now() - within)
    )
    return [(key, count, float(seconds)) for key, count, seconds in rows]


def count_failure(keys: Sequence[str], within: timedelta) -> None:
    """Add one to each key, beginning anew after a quiet time. One statement, so that it is exact in a race."""
    fresh = insert(Failure).values([{"key": key, "count": 1} for key in sorted(keys)])
    again = func.now() - within
    db.session.execute(
        fresh.on_conflict_do_update(
            index_elements=[Failure.key],
            set_={
                "count": case((Failure.last_at > again, Failure.count + 1), else_=1),
                "last_at": func.now(),
            },
        )
    )


def spend(key: str, at_once: int, a_second: float) -> float:
    """Take one from an allowance; returns what is spent and has not come back. If that is more, nothing was taken.

    The row counts thousandths. One statement, so that it is exact in a race.
    """
    values = {"key": key, "most": at_once * 1000, "a_second": a_second}

    def take() -> Any:
        return read(_SPEND, values).first()

    spent = (alone(take) if is_alone() else take()) or read(_WANTED, values).first()
    return float(spent[0]) / 1000 if spent else 0


_BACK = "extract(epoch FROM now() - spent.last_at) * CAST(:a_second AS numeric) * 1000"
_MORE = f"CAST(greatest(spent.count - {_BACK}, 0) AS bigint) + 1000"
_VALUES = "key text, most bigint, a_second numeric"
_SPEND = Text(
    f"""
    INSERT INTO login_failures AS spent (key, count) VALUES (:key, 1000)
    ON CONFLICT (key) DO UPDATE SET count = {_MORE}, last_at = now() WHERE {_MORE} <= :most RETURNING spent.count
    """,  # noqa: S608
    _VALUES,
    "count",
)
_WANTED = Text(f"SELECT {_MORE} FROM login_failures spent WHERE key = :key", "key text, a_second numeric", "count")  # noqa: S608


def forget_failures(keys: Sequence[str], before: timedelta) -> None:
    """Forget the failures of these keys, and all that are older."""
    db.session.execute(delete(Failure).where(or_(Failure.key.in_(keys), Failure.last_at < func.now() - before)))


def forget_ended(user_id: int) -> None:
    """Forget the person's logins whose time is over: no token names them any more that would be taken."""
    over = SignIn.user_id == user_id, SignIn.ends_at < func.now(), _IS_LOGIN
    db.session.execute(delete(SignIn).where(*over))
