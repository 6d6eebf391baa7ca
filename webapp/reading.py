"""How columns are read: past the session, which cares for entities."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import CursorResult, Executable, TextualSelect, bindparam, column, text
from sqlalchemy.dialects.postgresql import psycopg2

from webapp.db import AnySelect, db

Rows = CursorResult[*tuple[Any, ...]]
# Writes values as :name, which is how a text has them.
_DIALECT: Any = psycopg2.dialect(paramstyle="named")  # type: ignore[no-untyped-call]


class Built:
    """A statement that reads columns and runs with nearly every request: written once, at its first use.

    As a text it need not be looked up, nor its columns be matched with those that were asked for, which costs a
    short statement more than to be sent. Its values are `bindparam`s, none of them a list.
    """

    def __init__(self, statement: AnySelect) -> None:
        self._statement = statement

    @cached_property
    def text(self) -> TextualSelect:
        compiled = self._statement.compile(dialect=_DIALECT)
        binds = [
            bindparam(name, type_=bind.type) if bind.required else bindparam(name, bind.value, type_=bind.type)
            for bind, name in compiled.bind_names.items()
        ]
        columns = [
            column(one.key or f"column_{place}", one.type)
            for place, one in enumerate(self._statement.selected_columns)
        ]
        return text(compiled.string.replace("::", r"\:\:")).bindparams(*binds).columns(*columns)


def read(
    statement: Executable | Built, parameters: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a statement that reads columns and no entities, in the session's own transaction.

    Past the session, whose care for entities is much of what a short statement costs.
    """
    session = db.session()
    if session.info.get("in_transaction"):
        session.flush()
    return session.connection().execute(statement.text if isinstance(statement, Built) else statement, parameters)
