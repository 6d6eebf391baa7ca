"""The transaction that is open in an application context: its connection, which all share who change something in it.

SQLAlchemy's session joins it once it is asked for something. Many changes are a statement or two of webapp/reading,
for which a session would take longer to be made, to begin and to end than for the statements themselves.
"""

from typing import Any

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session as SQLSession

from webapp.contexts import noted
from webapp.pooling import Loan, Pool

# What is noted of it, each under its name: the connection; the transaction, if one was taken for this alone; what is
# done first in it, and what once it is committed.
CONNECTION, OWN, FIRST, AFTERWARDS = "open_connection", "open_own", "open_first", "open_afterwards"


class Session(FlaskSession):
    """A session that asks on the connection of the open transaction, if there is one."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **options: Any) -> Any:
        return bind or noted().get(CONNECTION) or super().get_bind(mapper, clause, **options)


def begin(engine: Engine) -> Connection:
    """A connection of its own for the transaction that begins now."""
    pool = engine.pool
    entry = pool.lent() if isinstance(pool, Pool) else None
    own = engine.connect() if entry is None else Connection(engine, Loan(entry, pool))  # type: ignore[arg-type]
    noted()[OWN] = own.begin()
    return own


def commit(session: SQLSession | None) -> None:
    """Write what was changed through the session, if it was asked for anything, and end the transaction.

    Raises InvalidRequestError where that has been undone meanwhile.
    """
    if session is not None and session.in_transaction():
        session.commit()
    notes = noted()
    if (own := notes.get(OWN)) is not None:
        own.commit()
        own.connection.close()
        del notes[OWN]


def undo(session: SQLSession | None) -> None:
    """End it, and leave nothing of it. None need be open."""
    try:
        if session is not None:
            session.rollback()
    finally:
        if (own := noted().pop(OWN, None)) is not None:
            own.connection.close()
