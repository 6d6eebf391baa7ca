"""The tables, whatever is in them: out of the database by COPY, and into an empty one.

What is there is read from PostgreSQL's own catalogue, as an archive may be of a former schema. All of it is what the
owner of the tables may do.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any
from uuid import UUID

import psycopg2
from psycopg2.sql import SQL, Composed, Identifier, Literal
from sqlalchemy import Connection, text

from webapp.backups.errors import BrokenBackup
from webapp.backups.manifest import Table
from webapp.errors import Conflict
from webapp.faults import DBAPIError, state

FROZEN = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
# The last is of PostgreSQL 17. What an own setting of the role would change is told: the texts are read elsewhere.
PATIENT = """
    SET LOCAL statement_timeout = 0;
    SET LOCAL idle_in_transaction_session_timeout = 0;
    SET LOCAL lock_timeout = '30s';
    SET LOCAL DateStyle = 'ISO, YMD';
    SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL extra_float_digits = 1;
    SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout'
"""
# What an extension has brought is no table of ours, and what the database reckons itself is not copied.
_TABLES = """
    SELECT relname::text, array_agg(attname::text ORDER BY attnum)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind = 'r'
      AND relname <> 'alembic_version'
      AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    GROUP BY 1 ORDER BY 1
"""
_SEQUENCES = "SELECT sequencename::text FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"
# SQLSTATEs of values that a column does not take, and of rows that a constraint forbids.
UNFIT = ("22", "23")
# Asked of each: the view says nothing of one that goes on from a number and has not been asked since.
_NEXT = "SELECT last_value + is_called::int FROM {}"
_MARKS = "SELECT (SELECT version_num FROM alembic_version), (SELECT id FROM installation), clock_timestamp()"
# Who a picture is of is told by the account, and nothing else names files.
_FILES = """
    SELECT stored, has_thumbnail FROM attachments
    UNION SELECT avatar, false FROM users WHERE avatar IS NOT NULL
"""
_FOREIGN_KEYS = """
    SELECT relname::text, conname::text, pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'f' AND connamespace = quote_ident(current_schema())::regnamespace ORDER BY pg_constraint.oid
"""


def freeze(connection: Connection) -> None:
    """Let the transaction see one moment, however long it takes."""
    connection.execute(text(FROZEN))
    be_patient(connection)


def be_patient(connection: Connection) -> None:
    """Lift the limits of time for this transaction."""
    connection.execute(text(PATIENT))


def marks(connection: Connection) -> tuple[str, UUID, datetime]:
    """The migration, whose database it is, and its clock."""
    revision, installation, now = connection.execute(text(_MARKS)).one()
    return revision, installation, now


def counted(connection: Connection) -> list[Table]:
    """The tables, and how many rows are in each."""
    counting = SQL("SELECT count(*) FROM {}")
    return [
        Table(name=name, columns=columns, rows=_asked(connection, counting.format(Identifier(name))))
        for name, columns in _found(connection).items()
    ]


def sequences(connection: Connection) -> dict[str, int]:
    """The next number of each sequence. As sequences know no transaction, it is one that no row seen here has."""
    names = [name for (name,) in _rows(connection, _SEQUENCES)]
    return {name: _asked(connection, SQL(_NEXT).format(Identifier(name))) for name in names}


def files(connection: Connection) -> list[tuple[str, bool]]:
    """The names of the files that rows name, and whether each has a small picture beside it."""
    return [(name, small) for name, small in connection.execute(text(_FILES))]


def copy_out(connection: Connection, table: Table, write: Callable[[bytes], object]) -> None:
    """Hand all rows over, one by one, as lines of COPY's text format."""
    statement = _copying("COPY {} ({}) TO STDOUT (ENCODING 'UTF8')", table)
    _copy(connection, statement, _Sink(write))


def copy_in(connection: Connection, table: Table, lines: IO[bytes]) -> None:
    """Add rows. Raises BrokenBackup if they are none of this table's."""
    try:
        _copy(connection, _copying("COPY {} ({}) FROM STDIN (ENCODING 'UTF8')", table), lines)
    except DBAPIError as error:
        if state(error)[:2] not in UNFIT:
            raise
        said = str(error.orig).strip().partition("\n")[0]
        raise BrokenBackup(f"The table {table.name} could not be restored: {said}. Nothing was changed.") from error


def require_nobody(connection: Connection) -> None:
    """Raises Conflict unless the database is empty, or prepared and nobody has ever had an account in it."""
    is_migrated = connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
    if not is_migrated:
        if others := _found(connection):
            raise Conflict(
                f"The database has tables that are not Cairn's, as {min(others)}. Nothing was changed. Restore into a"
                " new database."
            )
        return
    connection.execute(text("LOCK TABLE users IN ACCESS EXCLUSIVE MODE"))
    if connection.scalar(text("SELECT EXISTS (SELECT FROM users)")):
        raise Conflict(
            "The database has accounts already. Nothing was changed. A backup is restored into a new database only:"
            " name one by DATABASE_URL."
        )


def fitting(connection: Connection, told: Iterable[Table]) -> list[Table]:
    """Which of an archive's tables the database has; the others were somebody's who put them beside Cairn's.

    Raises BrokenBackup if one is lacking in the archive, or has other columns there.
    """
    here = _found(connection)
    fits = [table for table in told if table.name in here]
    columns = {table.name: sorted(table.columns) for table in fits}
    for name in here:
        if columns.get(name) != sorted(here[name]):
            raise BrokenBackup(f"The table {name} is not in the backup as this code needs it. Nothing was changed.")
    return fits


@contextmanager
def emptied(connection: Connection, tables: Iterable[Table]) -> Iterator[None]:
    """Let rows be added in any order, to empty tables, without a trigger; at the end all references are looked at.

    An ordinary owner cannot switch foreign keys off, so they go and come back.
    """
    names = [Identifier(table.name) for table in tables]
    keys = [(Identifier(name), Identifier(key), SQL(told)) for name, key, told in _rows(connection, _FOREIGN_KEYS)]
    for table, key, _told in keys:
        _run(connection, SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, key))
    for table in names:
        _run(connection, SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
    _run(connection, SQL("TRUNCATE {}").format(SQL(", ").join(names)))
    yield
    _run(connection, SQL("ANALYZE {}").format(SQL(", ").join(names)))
    for table, key, told in keys:
        _run(connection, SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(table, key, told))
    for table in names:
        _run(connection, SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))


def go_on_from(connection: Connection, numbers: Mapping[str, int]) -> None:
    """Let sequences give these numbers next. Unlike `setval`, that is undone with the transaction."""
    for (name,) in _rows(connection, _SEQUENCES):
        if name in numbers:
            number = Literal(numbers[name])
            _run(connection, SQL("ALTER SEQUENCE {} RESTART WITH {}").format(Identifier(name), number))


class _Sink:
    """A file, as psycopg2 writes to it."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.write = write


def _asked(connection: Connection, statement: Composed) -> int:
    return int(_run(connection, statement).scalar_one())


def _found(connection: Connection) -> dict[str, list[str]]:
    return dict(_rows(connection, _TABLES))


def _rows(connection: Connection, statement: str) -> list[Any]:
    return [tuple(row) for row in connection.execute(text(statement))]


def _copying(statement: str, table: Table) -> Composed:
    columns = SQL(", ").join(map(Identifier, table.columns))
    return SQL(statement).format(Identifier(table.name), columns)


def _run(connection: Connection, statement: Composed) -> Any:
    """Carry out a statement as it is: a percent sign in it is no place for a value."""
    written = statement.as_string(_driver(connection))
    return connection.exec_driver_sql(written, execution_options={"no_parameters": True})


def _copy(connection: Connection, statement: Composed, file: Any) -> None:
    """Raises DBAPIError, as all other statements do."""
    try:
        with _driver(connection).cursor() as cursor:
            cursor.copy_expert(statement, file)
    except psycopg2.Error as error:
        raise DBAPIError.instance("COPY", None, error, psycopg2.Error) from error


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection
