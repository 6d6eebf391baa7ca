"""The transaction that is open in an application context: its connection, which all share who change something in it.

SQLAlchemy's session joins it once it is asked for something. Many changes are a statement or two of webapp/reading,
for which a session would take longer to be made, to begin and to end than for the statements themselves.
"""

from typing import Any

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session as SQLSession
from sqlalchemy.pool import PoolProxiedConnection

from webapp.contexts import noted
from webapp.pooling import Loan, Pool

# What is noted of it, each under its name: what it is on, what is done first in it, and what once it is committed.
OPEN, FIRST, AFTERWARDS = "open", "open_first", "open_afterwards"


class Transaction:
    """A connection of its own for a transaction. What SQLAlchemy has around it is made for who asks."""

    __slots__ = ("_connection", "_taken", "engine", "has_ended", "is_joined")

    def __init__(self, engine: Engine, taken: PoolProxiedConnection, connection: Connection | None = None) -> None:
        self.engine, self._taken, self._connection = engine, taken, connection
        # Whether it is committed already, with its one statement; whether more than what began it take part.
        self.has_ended, self.is_joined = False, False

    @property
    def driver(self) -> Any:
        """The driver's connection."""
        return self._taken.dbapi_connection

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's, within its transaction."""
        if self._connection is None:
            self._connection = Connection(self.engine, self._taken)
            self._connection.begin()
        return self._connection

    def refuse_after_end(self) -> None:
        """Raise RuntimeError if it is committed already: what is written now would be so by itself, too."""
        if self.has_ended:
            raise RuntimeError("The transaction was committed with the statement that was to be all of it.")

    @property
    def is_untouched(self) -> bool:
        """Whether it is one function's alone, which has asked nothing of it yet."""
        return self._connection is None and not self.is_joined and self.driver.begins is True

    def commit(self) -> None:
        """End the transaction. Raises DBAPIError where PostgreSQL refuses that."""
        if self._connection is not None:
            self._connection.commit()
            return
        try:
            self.driver.commit()
        except BaseException as error:
            self.connection._handle_dbapi_exception(error, None, None, None, None)

    def close(self) -> None:
        """Give the connection back once it is committed."""
        if self._connection is not None:
            self._connection.close()
        else:
            self._taken.close()

    def undo(self) -> None:
        """End the transaction, leave nothing of it, and give the connection back."""
        self.connection.close()


class Joined(Transaction):
    """The connection of the session, which has read before, or of a test: who began there ends it as well."""

    __slots__ = ()

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection.engine, connection.connection, connection)

    def commit(self) -> None:
        """Leave that to whoever began."""

    def close(self) -> None:
        """The same."""

    def undo(self) -> None:
        """The same."""


class Session(FlaskSession):
    """A session that asks on the connection of the open transaction, if there is one."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **options: Any) -> Any:
        within: Transaction | None = noted().get(OPEN)
        if bind is None and within is not None:
            within.refuse_after_end()
            return within.connection
        return bind or super().get_bind(mapper, clause, **options)


def begin(engine: Engine) -> Transaction:
    """A connection of its own for the transaction that begins now."""
    pool = engine.pool
    entry = pool.lent() if isinstance(pool, Pool) else None
    if entry is not None:
        return Transaction(engine, Loan(entry, pool))  # type: ignore[arg-type]
    own = engine.connect()
    own.begin()
    return Transaction(engine, own.connection, own)


def commit(session: SQLSession | None) -> None:
    """Write what was changed through the session, if it was asked for anything, and end the transaction.

    Raises InvalidRequestError where that has been undone meanwhile.
    """
    if session is not None and session.in_transaction():
        session.commit()
    within: Transaction = noted()[OPEN]
    within.commit()
    within.close()
    del noted()[OPEN]  # what is done afterwards is no part of it


def undo(session: SQLSession | None) -> None:
    """End it, and leave nothing of it. None need be open."""
    try:
        if session is not None:
            session.rollback()
    finally:
        within: Transaction | None = noted().pop(OPEN, None)
        if within is not None:
            within.undo()
