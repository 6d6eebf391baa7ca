from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Interval, bindparam, cast, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from webapp.db import AnyRow, AnySelect, db
from webapp.models.idempotency import KeyedRequest
from webapp.reading import Built, read

_ID = (KeyedRequest.user_id, KeyedRequest.key)
_MINE = KeyedRequest.user_id == bindparam("user_id"), KeyedRequest.key == bindparam("key")
ANSWER = ("status", "location", "body")


def _taking() -> AnySelect:
    values = {
        name: bindparam(name, type_=getattr(KeyedRequest, name).type) for name in ("user_id", "key", "fingerprint")
    }
    taken = insert(KeyedRequest).values(values).on_conflict_do_nothing().returning(KeyedRequest.key).cte("taken")
    return select(taken.c.key)


def _finishing() -> AnySelect:
    """By the way it forgets some of those that are too old, without a wait."""
    beyond = KeyedRequest.created_at < func.now() - cast(bindparam("keep", type_=Interval()), Interval())
    old = select(*_ID).where(beyond).limit(100).with_for_update(skip_locked=True)
    forgotten = delete(KeyedRequest).where(tuple_(*_ID).in_(old)).cte("forgotten")
    answer = {name: bindparam(f"new_{name}", type_=getattr(KeyedRequest, name).type) for name in ANSWER}
    finished = update(KeyedRequest).where(*_MINE).values(answer).returning(KeyedRequest.key).cte("finished")
    return select(finished.c.key).add_cte(forgotten)


_TAKING, _FINISHING = Built(_taking()), Built(_finishing())


def take(user_id: int, key: str, fingerprint: bytes) -> bool:
    """Write the key down; False if it is there. Waits for a transaction that is about to write the same."""
    return read(_TAKING, {"user_id": user_id, "key": key, "fingerprint": fingerprint}).first() is not None


def answered(user_id: int, key: str) -> AnyRow | None:
    """What was asked for under this key, and how it was answered."""
    columns = KeyedRequest.fingerprint, KeyedRequest.status, KeyedRequest.location, KeyedRequest.body
    return read(select(*columns).where(*_is(user_id, key))).one_or_none()


def finish(user_id: int, key: str, answer: Mapping[str, Any], keep: timedelta) -> None:
    """Write the answer beside its key."""
    new = {f"new_{name}": answer[name] for name in ANSWER}
    read(_FINISHING, {"user_id": user_id, "key": key, "keep": keep, **new})


def forget(user_id: int, key: str) -> None:
    db.session.execute(delete(KeyedRequest).where(*_is(user_id, key)))


def empty(user_id: int, address: str, beginning: str) -> None:
    """Forget the answers of somebody's that begin like this, of what was made at an address with this part."""
    those = KeyedRequest.user_id == user_id, KeyedRequest.location.contains(address, autoescape=True)
    said = KeyedRequest.body.startswith(beginning, autoescape=True)
    db.session.execute(update(KeyedRequest).where(*those, said).values(body=""))


def _is(user_id: int, key: str) -> tuple[Any, ...]:
    return KeyedRequest.user_id == user_id, KeyedRequest.key == key
