"""Keyset pages: a cursor names the row after which the next page begins, so page 1,000 costs what page 1 does."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from webapp.errors import Invalid
from webapp.i18n import _

Row = TypeVar("Row")
Key = tuple[Any, ...]
# How far the things of a list are counted that nobody keeps the number of.
COUNTED = 1000


@dataclass(slots=True)
class Cut(Generic[Row]):
    """Some rows of a list, in the order of the list, and the keys at its ends.

    `after` is the cursor of the following rows, `before` of the preceding ones; None where there are none.
    `next` and `previous` are their addresses, which only the route can write. `warnings` say in words what is odd
    about what was asked for.
    """

    items: Sequence[Row]
    total: int | None = None
    after: str | None = None
    before: str | None = None
    next: str | None = field(default=None)
    previous: str | None = field(default=None)
    warnings: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list to read: on which side of which key."""

    key: Key
    backwards: bool = False


def cursor(key: Key, *, backwards: bool = False) -> str:
    """Write a place as an opaque word for a URL."""
    plain = [part.isoformat() if isinstance(part, date) else part for part in key]
    text = json.dumps([int(backwards), *plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(word: str | None, *types: type) -> Place | None:
    """Read a cursor whose key has these types; raises Invalid for any other word."""
    if not word:
        return None
    try:
        backwards, *parts = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
        key = tuple(_read(part, kind) for part, kind in zip(parts, types, strict=True))
        return Place(key, backwards=bool(backwards))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Invalid.on("cursor", _("is not one of this list's; start again without it.")) from None


def cut(rows: Sequence[Row], limit: int, at: Place | None, key: Callable[[Row], Key]) -> Cut[Row]:
    """Make a page of the rows read from `at`: up to `limit` + 1 of them, the last telling that there are more."""
    more, kept = len(rows) > limit, rows[:limit]
    if at is not None and at.backwards:
        kept = kept[::-1]
        ahead, behind = bool(kept), more
    else:
        ahead, behind = more, at is not None and bool(kept)
    return Cut(
        kept,
        after=cursor(key(kept[-1])) if ahead else None,
        before=cursor(key(kept[0]), backwards=True) if behind else None,
    )


def whole(items: Sequence[Row]) -> Cut[Row]:
    """A list that is short enough to be told at once."""
    return Cut(items, total=len(items))


def bounded(count: int) -> int | None:
    """The total of a list whose things were counted up to COUNTED + 1; None beyond that bound."""
    return count if count <= COUNTED else None


def _read(part: Any, kind: type[Any]) -> Any:
    if kind is datetime and isinstance(part, str):
        at = datetime.fromisoformat(part)
        if at.tzinfo is None:
            raise ValueError(part)
        return at
    if isinstance(part, str) and (kind is date or issubclass(kind, StrEnum)):
        return date.fromisoformat(part) if kind is date else kind(part)
    if type(part) is not kind:
        raise TypeError(part)
    if not _is_held(part):
        raise ValueError(part)
    return part


def _is_held(part: Any) -> bool:
    """Whether PostgreSQL can hold it: encoding refuses half a pair, PostgreSQL a NUL, and no number has more bits."""
    if type(part) is int:
        return abs(part) < 2**63
    return type(part) is not str or "\x00" not in part.encode().decode()
