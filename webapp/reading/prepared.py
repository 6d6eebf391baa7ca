"""Statements that a connection prepares once and executes from then on, and what may befall them.

They live in the server's process. A pooler that hands each transaction to another one loses them, so behind one
nothing is prepared (webapp/connections.py looks for it); if it hid itself, the first statement that is lost shows it.
A name belongs to one text, whoever prepared it, so the answer is never another statement's.
"""

from collections.abc import Mapping
from typing import Any

from psycopg2 import errors
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from webapp.connections import Connection, Unprepared
from webapp.reading.rows import Rows
from webapp.reading.statements import Built

# More than there are statements: one that is built with each request shall not fill the server's memory.
MOST = 500
_GONE = (errors.InvalidSqlStatementName, errors.DuplicatePreparedStatement, errors.FeatureNotSupported)


def fetch(statement: Built, connection: Connection, values: Mapping[str, Any]) -> Rows:
    """The rows of the statement. Raises psycopg2.Error; Unprepared where the open transaction is to be begun anew."""
    bound = statement.bound(values)
    while connection.prepares and not statement.custom:
        if statement.name not in connection.prepared and len(connection.prepared) >= MOST:
            break
        try:
            return _executed(statement, connection, bound)
        except _GONE as error:
            if not _is_forgotten(statement, connection, error):
                raise
            if connection.info.transaction_status != TRANSACTION_STATUS_IDLE:
                raise Unprepared("What was prepared for this connection is gone.") from error
    with connection.cursor() as cursor:
        cursor.execute(statement.text, bound)
        return _rows(statement, cursor)


def _executed(statement: Built, connection: Connection, bound: Mapping[str, Any]) -> Rows:
    with connection.cursor() as cursor:
        if statement.name not in connection.prepared:
            if statement.name in connection.outdated:
                cursor.execute(f"DEALLOCATE {statement.name}")
                connection.outdated.discard(statement.name)
            cursor.execute(statement.prepare)
            connection.prepared.add(statement.name)
        cursor.execute(statement.execute, bound)
        return _rows(statement, cursor)


def _rows(statement: Built, cursor: Any) -> Rows:
    if cursor.description is None:
        return Rows()
    return Rows(statement.rows(cursor.description, cursor.fetchall()))


def _is_forgotten(statement: Built, connection: Connection, error: Any) -> bool:
    """Whether the error says that what was prepared is of no use any more, which is noted then.

    A table may have been altered, or the server's session been reset. What is lost a second time, or is there
    though nobody prepared it, is between several connections: this one prepares nothing from then on.
    """
    if isinstance(error, errors.FeatureNotSupported):
        if error.diag.source_function != "RevalidateCachedQuery":  # the message may be in any language
            return False
        connection.outdated.add(statement.name)
        connection.prepared.discard(statement.name)
        return True
    connection.prepares = isinstance(error, errors.InvalidSqlStatementName) and not connection.was_reset
    connection.was_reset = True
    connection.prepared.clear()
    connection.outdated.clear()
    return True
