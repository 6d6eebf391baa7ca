"""Columns that come as one text, and statements whose rows seldom are others than before."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from pydantic_core import from_json
from sqlalchemy import ARRAY, Boolean, Date, DateTime, Enum, Integer, String, Text, TypeDecorator, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from webapp.db import AnyRow, AnySelect
from webapp.reading.statements import Built, Convert, reading, row_of

T = TypeVar("T")

# So many rows of a statement are known in a process; each takes some 4 KB.
MOST = 200
# What JSON tells as it is. A value of a kind that is not told is a mistake that shows when the statement is made.
_TOLD = (Boolean, Integer, String, JSONB, ARRAY)


class Columns:
    """Columns that come as one text of JSON, which is asked for as `told`, and what makes their row of it.

    JSON costs PostgreSQL a little more than the columns alone, and the driver a tenth of what these do.
    """

    def __init__(self, columns: Iterable[Any]) -> None:
        columns = list(columns)
        self.told = cast(func.json_build_array(*columns), Text).label("told")
        each = ((place, _made_of_json(one.type)) for place, one in enumerate(columns))
        self._converts = [(place, convert) for place, convert in each if convert is not None]
        self._row = row_of(columns)

    def row(self, told: str) -> Any:
        """The named tuple that a text tells."""
        values = from_json(told)
        for place, convert in self._converts:
            value = values[place]
            if value is not None:
                values[place] = convert(value)
        return self._row(values)


class Gathered(Built, Generic[T]):
    """A statement whose row comes as one text, of which `make` makes something that never changes.

    The text is most often that of before, and what was made of it is given then. To describe and to send each of
    forty columns costs the server an eighth of such a statement, and to read them the driver two fifths. Nothing is
    taken for true here: the database tells the whole row each time.
    """

    def __init__(self, statement: AnySelect, make: Callable[[AnyRow], T]) -> None:
        columns = Columns(statement.selected_columns)
        super().__init__(statement.with_only_columns(columns.told))
        self._made = lru_cache(maxsize=MOST)(lambda told: make(columns.row(told)))

    def rows(self, description: Sequence[Any], rows: list[Any]) -> list[Any]:
        """What was made of each row."""
        return [self._made(row[0]) for row in rows]


class Lines(Generic[T]):
    """What a part of a statement finds, as one text of a line each, in its order; `make` makes something of a line.

    As JSON tells it, no line is divided. Of the `most` lines that came last what was made of them is given again.
    """

    def __init__(self, rows: AnySelect, make: Callable[[AnyRow], T], most: int) -> None:
        part = rows.subquery()
        columns = Columns(part.c)
        # Of rows that come in order from within, as PostgreSQL's manual has it: else they were sorted twice.
        self.told = select(func.string_agg(columns.told, "\n")).select_from(part).scalar_subquery()
        self._made = lru_cache(maxsize=most)(lambda line: make(columns.row(line)))

    def of(self, told: str | None) -> list[T]:
        """What was made of each line; none of NULL, which PostgreSQL tells of no rows."""
        return [self._made(line) for line in told.split("\n")] if told else []


def moment(said: str) -> datetime:
    """A time that JSON tells, in UTC."""
    told = datetime.fromisoformat(said)
    return told if told.tzinfo is UTC else told.astimezone(UTC)


def _made_of_json(kind: Any) -> Convert | None:
    """What makes a column's value of what JSON tells: nothing, where that is the value."""
    if isinstance(kind, DateTime):
        return moment
    if isinstance(kind, Date):
        return date.fromisoformat
    if not isinstance(kind.impl_instance if isinstance(kind, TypeDecorator) else kind, (*_TOLD, Enum)):
        raise TypeError(f"{kind!r} is not told by JSON as it is.")
    return reading(kind, None) if isinstance(kind, (Enum, TypeDecorator)) else None
