"""Statements of one row that nearly every request asks, and that seldom give another one than before."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic_core import from_json
from sqlalchemy import ARRAY, Boolean, DateTime, Enum, Integer, String, Text, cast, func
from sqlalchemy.dialects.postgresql import JSONB

from webapp.db import AnyRow, AnySelect
from webapp.reading.statements import Built, reading, row_of

T = TypeVar("T")

# So many rows of a statement are known in a process; each takes some 4 KB.
MOST = 200
# What JSON tells as it is, and times. A value of another kind is a mistake that shows when the statement is made.
_TOLD = (Boolean, Integer, String, JSONB, ARRAY, Enum, DateTime)


class Gathered(Built, Generic[T]):
    """A statement whose row comes as one text, of which `make` makes something that never changes.

    The text is most often that of before, and what was made of it is given then. To describe and to send each of
    forty columns costs the server an eighth of such a statement, and to read them the driver two fifths. Nothing is
    taken for true here: the database tells the whole row each time.
    """

    def __init__(self, statement: AnySelect, make: Callable[[AnyRow], T]) -> None:
        columns = list(statement.selected_columns)
        told = cast(func.json_build_array(*columns), Text)
        super().__init__(statement.with_only_columns(told))
        kinds = [one.type for one in columns]
        words = ((place, reading(kind, None)) for place, kind in enumerate(kinds) if isinstance(kind, Enum))
        self._words = [(place, word) for place, word in words if word is not None]
        self._times = [place for place, kind in enumerate(kinds) if isinstance(kind, DateTime)]
        _refuse_others(kinds)
        self._row = row_of(columns)
        self._make = make
        self._made = lru_cache(maxsize=MOST)(self._taken_apart)

    def rows(self, description: Sequence[Any], rows: list[Any]) -> list[Any]:
        """What was made of each row."""
        return [self._made(row[0]) for row in rows]

    def _taken_apart(self, told: str) -> T:
        values = from_json(told)
        for place, word in self._words:
            values[place] = word(values[place])
        for place in self._times:
            values[place] = values[place] and moment(values[place])
        return self._make(self._row(values))


def moment(said: str) -> datetime:
    """A time that JSON tells, in UTC."""
    told = datetime.fromisoformat(said)
    return told if told.tzinfo is UTC else told.astimezone(UTC)


def _refuse_others(kinds: Sequence[Any]) -> None:
    for kind in kinds:
        if not isinstance(kind, _TOLD):
            raise TypeError(f"{kind!r} is not told by JSON as it is.")
