from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from webapp.db import AnyRow, db
from webapp.reading import read
from webapp.retries.models import KeyedRequest

_ID = (KeyedRequest.user_id, KeyedRequest.key)


def take(user_id: int, key: str, fingerprint: bytes) -> bool:
    """Write the key down; False if it is there. Waits for a transaction that is about to write the same."""
    values = {"user_id": user_id, "key": key, "fingerprint": fingerprint}
    row = insert(KeyedRequest).values(values).on_conflict_do_nothing().returning(KeyedRequest.key)
    return db.session.execute(row).first() is not None


def answered(user_id: int, key: str) -> AnyRow | None:
    """What was asked for under this key, and how it was answered."""
    columns = KeyedRequest.fingerprint, KeyedRequest.status, KeyedRequest.location, KeyedRequest.body
    return read(select(*columns).where(*_is(user_id, key))).one_or_none()


def finish(user_id: int, key: str, answer: dict[str, Any], keep: timedelta) -> None:
    """Write the answer beside its key; by the way, forget some of those that are too old, without a wait."""
    old = select(*_ID).where(KeyedRequest.created_at < func.now() - keep).limit(100).with_for_update(skip_locked=True)
    forgotten = delete(KeyedRequest).where(tuple_(*_ID).in_(old)).cte("forgotten")
    db.session.execute(update(KeyedRequest).where(*_is(user_id, key)).values(answer).add_cte(forgotten))


def forget(user_id: int, key: str) -> None:
    db.session.execute(delete(KeyedRequest).where(*_is(user_id, key)))


def empty(user_id: int, place: str, beginning: str) -> None:
    """Forget the answers of somebody's that begin like this, of what was made at an address with this part."""
    those = KeyedRequest.user_id == user_id, KeyedRequest.location.contains(place, autoescape=True)
    said = KeyedRequest.body.startswith(beginning, autoescape=True)
    db.session.execute(update(KeyedRequest).where(*those, said).values(body=""))


def _is(user_id: int, key: str) -> tuple[Any, ...]:
    return KeyedRequest.user_id == user_id, KeyedRequest.key == key
