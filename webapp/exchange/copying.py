"""Many rows at once, in the transaction at hand: PostgreSQL's COPY, and arrays where lists would be long."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Table, column, func, literal, update

from webapp.db import db

_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def copy(table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the rows to the table. All of them name the same columns, with plain values or JSON objects."""
    if not rows:
        return
    columns = list(rows[0])
    lines = io.StringIO("".join(_line(row[column] for column in columns) for row in rows))
    driver: Any = db.session.connection().connection.dbapi_connection
    with driver.cursor() as cursor:
        cursor.copy_expert(f"COPY {table.name} ({', '.join(columns)}) FROM STDIN", lines)


def moved(model: Any, counter: Any, by: Mapping[int, int]) -> Any:
    """An update that moves the counter of each of these rows by so much, in one statement."""
    steps = func.unnest(literal(list(by), ARRAY(BigInteger)), literal(list(by.values()), ARRAY(BigInteger)))
    each = steps.table_valued(column("id", BigInteger), column("step", BigInteger), name="steps").render_derived()
    changed = update(model).where(model.id == each.c.id).values({counter: counter + each.c.step})
    return changed.execution_options(synchronize_session=False)


def _line(values: Iterable[Any]) -> str:
    return "\t".join(map(_word, values)) + "\n"


def _word(value: Any) -> str:
    """A value in COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(_ESCAPED)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value).translate(_ESCAPED)
    return str(value)
