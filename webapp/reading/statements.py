"""Statements that are written once, at their first use: their text, their values, their rows."""

import re
from collections import namedtuple
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property, partial
from hashlib import sha256
from typing import Any, cast

import psycopg2
from psycopg2.extensions import adapt
from pydantic_core import from_json
from sqlalchemy import ARRAY, BindParameter, ColumnElement, Enum, exc, func, literal, text
from sqlalchemy.dialects.postgresql import psycopg2 as driver
from sqlalchemy.dialects.postgresql.base import PGCompiler

from webapp import eyes
from webapp.db import AnySelect

Convert = Callable[[Any], Any]
_CHANGE = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE)
# What a narrowed statement may be told beside its own values.
KINDS = {eyes.READER: "bigint", eyes.WITHIN: "bigint[]"}
_LOCK = re.compile(r"\bFOR\s+(NO\s+KEY\s+)?UPDATE\b", re.IGNORECASE)


class _Compiler(PGCompiler):
    """Writes what a statement always says into its text, so that only what is asked is sent, and planned without."""

    def visit_bindparam(self, bindparam: BindParameter[Any], **options: Any) -> str:  # type: ignore[override]
        if not bindparam.required:
            if bindparam.expanding:
                options["literal_binds"] = True
            else:
                return _literal(bindparam)
        elif bindparam.expanding:
            raise exc.ArgumentError(f"{bindparam.key} is a list, whose length no written statement knows.")
        return super().visit_bindparam(bindparam, **options)  # type: ignore[no-any-return, no-untyped-call]


class _Dialect(driver.PGDialect_psycopg2):
    statement_compiler = _Compiler
    supports_statement_cache = False


_DIALECT: Any = _Dialect(dbapi=psycopg2, json_deserializer=from_json)  # type: ignore[no-untyped-call]


class Built:
    """A statement that reads columns and runs with nearly every request. Each connection plans it once.

    To plan it takes PostgreSQL longer than to run it, and to look it up takes SQLAlchemy longer than to send it. Its
    values are `bindparam`s, none of them a list. The plan is one for all values; a statement whose values decide on
    the way to its rows is `custom`, and planned each time.
    """

    changes = False

    def __init__(self, statement: AnySelect, *, custom: bool = False) -> None:
        self.custom = custom
        self._statement: Any = statement

    @cached_property
    def text(self) -> str:
        """The statement as the driver takes it, with %(name)s for its values."""
        return str(self._compiled)

    @cached_property
    def prepare(self) -> str:
        places = {name: f"${index}" for index, name in enumerate(self._names, 1)}
        return f"PREPARE {self.name}{self._kinds} AS {self.text % places}"

    @cached_property
    def execute(self) -> str:
        values = ", ".join(f"%({name})s" for name in self._names)
        return f"EXECUTE {self.name} ({values})" if values else f"EXECUTE {self.name}"

    @cached_property
    def name(self) -> str:
        """The same for the same text alone: on a connection that others share it never means another statement."""
        return f"cairn_{sha256((self._kinds + self.text).encode()).hexdigest()[:20]}"

    def bound(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values as the driver takes them."""
        if not self._bound_by:
            return values
        return {**values, **{name: convert(values[name]) for name, convert in self._bound_by.items()}}

    def rows(self, description: Sequence[Any], rows: list[Any]) -> list[Any]:
        """What the driver found as named tuples, whose values are what the types of their columns say."""
        make, converts = self._read_by or self._reader(description)
        if converts:
            rows = [list(row) for row in rows]
            for row in rows:
                for index, convert in converts:
                    row[index] = convert(row[index])
        return list(map(make, rows))

    @cached_property
    def narrowed(self) -> "Built":
        """The statement as it reads what one reader sees, whose id is one more value: itself if that is no less."""
        return self if eyes.seen(self.text) == self.text else _Narrowed(self)

    @cached_property
    def plain(self) -> "Built":
        """The same for a reader who does not look as an administrator, though they may be one."""
        return self if eyes.seen(self.text, is_plain=True) == self.text else _Plain(self)

    @cached_property
    def limited(self) -> "Built":
        """The same for a reader who is limited to projects, whose ids are one more value."""
        return self if eyes.seen(self.text, is_limited=True) == self.text else _Limited(self)

    _kinds = ""
    _read_by: tuple[Convert, list[tuple[int, Convert]]] | None = None

    @cached_property
    def _compiled(self) -> Any:
        return self._statement.compile(dialect=_DIALECT)

    @cached_property
    def _names(self) -> list[str]:
        return list(dict.fromkeys(self._compiled.bind_names.values()))

    @cached_property
    def _bound_by(self) -> dict[str, Convert]:
        known = ((name, _of(one.type).bind_processor(_DIALECT)) for one, name in self._compiled.bind_names.items())
        return {name: convert for name, convert in known if convert is not None}

    def _reader(self, description: Sequence[Any]) -> tuple[Convert, list[tuple[int, Convert]]]:
        self._read_by = found = self._make_reader(description)
        return found

    def _make_reader(self, description: Sequence[Any]) -> tuple[Convert, list[tuple[int, Convert]]]:
        columns = list(self._statement.selected_columns)
        codes = [one[1] for one in description]
        each = [reading(one.type, code) for one, code in zip(columns, codes, strict=True)]
        return row_of(columns), [(index, convert) for index, convert in enumerate(each) if convert is not None]


class Text(Built):
    """The same for a statement written by hand, with :name for its values. It may change something as well.

    `values` are their names and types, as in "issue_id bigint, kinds text[]"; `columns` the names of what it gives.
    Values are the driver's own: a jsonb goes as text.
    """

    def __init__(self, statement: str, values: str = "", columns: str = "", *, custom: bool = False) -> None:
        super().__init__(text(statement), custom=custom)  # type: ignore[arg-type]
        given = [value.split(None, 1) for value in values.split(",") if value.strip()]
        self._types = {name: kind.strip() for name, kind in given}
        self._kinds = f" ({', '.join(self._types.values())})" if given else ""
        self._columns = columns.split()
        self.changes = _CHANGE.search(_LOCK.sub("", statement)) is not None

    @cached_property
    def text(self) -> str:
        written = str(self._compiled)
        for name, kind in self._types.items():
            written = written.replace(f"%({name})s", f"CAST(%({name})s AS {kind})")
        return written

    @cached_property
    def _names(self) -> list[str]:
        return list(self._types)

    def _make_reader(self, description: Sequence[Any]) -> tuple[Convert, list[tuple[int, Convert]]]:
        if len(self._columns) != len(description):
            raise ValueError(f"A statement gives {len(description)} columns, and names {len(self._columns)}.")
        return _row(self._columns), []


class _Narrowed(Built):
    """A statement as it reads what one reader sees. What it gives is read as the whole one's."""

    def __init__(self, whole: Built) -> None:
        self.custom, self.changes, self._whole = whole.custom, whole.changes, whole
        kinds = ", ".join(KINDS[name] for name in self._more)
        self._kinds = whole._kinds and f"{whole._kinds[:-1]}, {kinds})"
        self.bound, self.rows = whole.bound, whole.rows  # type: ignore[method-assign]

    @cached_property
    def text(self) -> str:
        return eyes.seen(self._whole.text)

    @cached_property
    def narrowed(self) -> Built:
        return self

    @cached_property
    def plain(self) -> Built:
        return self._whole.plain

    @cached_property
    def limited(self) -> Built:
        return self._whole.limited

    @cached_property
    def _names(self) -> list[str]:
        return [*self._whole._names, *self._more]

    @property
    def _more(self) -> Sequence[str]:
        """The values that it takes beside those of the whole one."""
        return (eyes.READER,)


class _Plain(_Narrowed):
    """The same for a reader who does not look as an administrator."""

    @cached_property
    def text(self) -> str:
        return eyes.seen(self._whole.text, is_plain=True)


class _Limited(_Narrowed):
    """The same for a reader who is limited to projects."""

    @cached_property
    def text(self) -> str:
        return eyes.seen(self._whole.text, is_limited=True)

    @property
    def _more(self) -> Sequence[str]:
        return [name for name in KINDS if f"%({name})s" in self.text]


def row_of(columns: Sequence[Any]) -> Convert:
    """What makes a named tuple of the values of these columns."""
    return _row([one.key or f"column_{index}" for index, one in enumerate(columns)])


def _row(names: list[str]) -> Convert:
    kind = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    return partial(tuple.__new__, kind)  # `_make` counts the values of each row once more


def reading(kind: Any, code: Any) -> Convert | None:
    """What makes a column's value of the driver's: no function for an enum's word, and none at all for a
    list whose values stay as they are."""
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return dict[Any, Any]([*zip(kind.enums, kind.enum_class, strict=True), (None, None)]).__getitem__
    if isinstance(kind, ARRAY) and not kind.as_tuple and _of(kind.item_type).result_processor(_DIALECT, code) is None:
        return None
    return cast(Convert | None, _of(kind).result_processor(_DIALECT, code))


def _of(kind: Any) -> Any:
    return kind.dialect_impl(_DIALECT)


def _literal(bind: BindParameter[Any]) -> str:
    """A value that never changes, as the driver would write it."""
    convert = _of(bind.type).bind_processor(_DIALECT)
    value = bind.effective_value if convert is None else convert(bind.effective_value)
    adapted = adapt(value)
    if hasattr(adapted, "encoding"):
        adapted.encoding = "utf-8"
    sql: str = adapted.getquoted().decode()
    return sql.replace("%", "%%")


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Whether a column has one of these values: one parameter, so that the statement is made once for any number."""
    return cast(ColumnElement[bool], column == func.any(literal(list(values), ARRAY(column.type))))
