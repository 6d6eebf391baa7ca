"""How columns are read: past the session, which cares for entities, and what runs often past SQLAlchemy as well."""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar, cast, overload

from sqlalchemy import Connection, CursorResult, Engine, Executable
from sqlalchemy.pool import PoolProxiedConnection

from webapp import connections, eyes
from webapp.contexts import application
from webapp.db import connected, db, is_changing, present
from webapp.opened import Joined, Transaction
from webapp.pooling import Pool
from webapp.reading.gathered import Columns, Gathered, Lines
from webapp.reading.prepared import fetch
from webapp.reading.rows import Rows
from webapp.reading.statements import Built, Text, among

__all__ = ["Built", "Columns", "Gathered", "Lines", "Rows", "Text", "among", "gathered", "read"]

T = TypeVar("T")


@overload
def read(statement: Built, parameters: Mapping[str, Any] | None = None) -> Rows: ...
@overload
def read(statement: Executable, parameters: Mapping[str, Any] | None = None) -> CursorResult[*tuple[Any, ...]]: ...
def read(
    statement: Executable | Built, parameters: Mapping[str, Any] | None = None
) -> Rows | CursorResult[*tuple[Any, ...]]:
    """The rows of a statement that reads columns and no entities, in the session's own transaction.

    Past the session, whose care for entities is much of what a short statement costs. Raises what the session
    would: SQLAlchemy's DBAPIError, and its TimeoutError where no connection is free. A Text that changes something
    outside a transaction is a mistake, and raises RuntimeError. It reads what whoever asks sees (webapp/eyes.py).
    """
    if isinstance(statement, Built):
        return _fetched(statement, parameters or {})
    session = db.session()
    if is_changing():
        session.flush()
    return session.connection().execute(statement, parameters)


def gathered(statement: Gathered[T], parameters: Mapping[str, Any]) -> T | None:
    """What a statement's one row tells, if there is one: the same object as long as that is the same."""
    rows: Any = _fetched(statement, parameters)
    told: T | None = rows.one_or_none()
    return told


def _fetched(statement: Built, values: Mapping[str, Any]) -> Rows:
    """On the session's connection if it has one, else on one that is taken for this statement alone."""
    looking = eyes.looking()
    if looking is not None:
        if looking.within is None:
            statement = statement.narrowed if looking.administers else statement.plain
            values = {**values, eyes.READER: looking.reader_id}
        else:
            limit = {eyes.READER: looking.reader_id, eyes.WITHIN: list(looking.within)}
            statement, values = statement.limited, {**values, **limit}
    if (within := connected()) is not None:
        within.refuse_after_end()
        return _on(within, statement, values)
    if statement.changes:
        raise RuntimeError("A change outside @transaction would be committed by itself.")
    session = present()
    if session is not None and session.in_transaction():
        return _on(Joined(session.connection()), statement, values)
    engine: Engine | Connection = application().extensions["engines"][None]
    return _apart(engine, statement, values) if isinstance(engine, Engine) else _on(Joined(engine), statement, values)


def _on(within: Transaction, statement: Built, values: Mapping[str, Any]) -> Rows:
    try:
        _tell(within.engine, statement, values)
        return fetch(statement, within.driver, values)
    except BaseException as error:
        within.connection._handle_dbapi_exception(error, statement.text, None, None, None)


def _apart(engine: Engine, statement: Built, values: Mapping[str, Any]) -> Rows:
    pool: Pool = engine.pool  # type: ignore[assignment]
    entry = pool.lent()
    if entry is None:
        return _on_another(engine, statement, values)
    try:
        _tell(engine, statement, values)
        rows = fetch(statement, entry.dbapi_connection, values)  # type: ignore[arg-type]
    except BaseException as error:
        _failed(engine, pool.kept(entry), statement, error)
    pool.take_back(entry)
    return rows


def _on_another(engine: Engine, statement: Built, values: Mapping[str, Any]) -> Rows:
    """On a connection that is made now, waited for, or asked first whether it still lives."""
    try:
        taken = engine.pool.connect()
    except engine.dialect.loaded_dbapi.Error as error:
        Connection._handle_dbapi_exception_noconnection(error, engine.dialect, engine)
    try:
        _tell(engine, statement, values)
        rows = fetch(statement, _driver(taken), values)
    except BaseException as error:
        _failed(engine, taken, statement, error)
    taken.close()
    return rows


def _failed(engine: Engine, taken: PoolProxiedConnection, statement: Built, error: BaseException) -> NoReturn:
    """Raise what the session would, and give the connection back, or away."""
    try:
        Connection(engine, taken)._handle_dbapi_exception(error, statement.text, None, None, None)
    finally:
        taken.close()


def _driver(taken: PoolProxiedConnection) -> connections.Connection:
    return cast(connections.Connection, taken.dbapi_connection)


def _tell(engine: Engine, statement: Built, values: Mapping[str, Any]) -> None:
    """Tell those who listen for statements; they get the statement itself as its context, and no connection."""
    if listeners := engine.dispatch.before_cursor_execute:
        for listener in listeners:
            listener(None, None, statement.text, values, statement, False)
