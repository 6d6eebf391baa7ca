"""Databases of a test's own, on the server that the run has."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import psycopg2
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from webapp.db import db
from webapp.entrance import entering
from webapp.lists import words

# A test may take as long as a busy machine makes it: what a server gives up is no test's business.
TIME_LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_timeout")
# What waits for the end of a transaction, done now.
END = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"
# Asked of the server, as older ones do not know all of them.
UNLIMITED = text("SELECT set_config(name, '0', true) FROM pg_settings WHERE name = ANY(:names)")


def connected(database: str) -> Any:
    """A connection of the test's own, each statement for itself."""
    connection = psycopg2.connect(database.replace("postgresql+psycopg2://", "postgresql://"))
    connection.autocommit = True
    return connection


def beside(database: str, name: str) -> str:
    """The address of another database of the same server."""
    before, mark, options = database.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{mark}{options}"


@contextmanager
def empty_database(cluster: str, options: str = "") -> Iterator[str]:
    """A new database beside that one; `options` are SQL's."""
    name = f"cairn_{secrets.token_hex(4)}"
    with closing(connected(cluster)) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} {options}")
        yield beside(cluster, name)
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def filled(database: str) -> dict[str, int]:
    """How many rows each table has that has any."""
    with closing(connected(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        counts = [f"SELECT '{name}', count(*) FROM \"{name}\"" for (name,) in cursor]
        if counts:
            cursor.execute(" UNION ALL ".join(counts))
        return {name: count for name, count in cursor if count}


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """Let the application work on one connection, and undo all of it.

    Each part is undone by itself, so that a connection which died takes its own test with it and no other.
    """
    entering._is_any_private = False  # or a statement more or less would hang on the test before
    with app.app_context():
        engines = db.engines
        db.session.configure(join_transaction_mode="create_savepoint")
    engine = engines[None]
    with ExitStack() as undo:
        event.listen(db.session, "before_commit", _end)
        undo.callback(event.remove, db.session, "before_commit", _end)
        connection = engine.connect()
        undo.callback(connection.close)
        connection.connection.dbapi_connection.autocommit = False
        outer = connection.begin()
        undo.callback(outer.rollback)
        connection.execute(UNLIMITED, {"names": list(TIME_LIMITS)})
        engines[None] = connection
        undo.callback(engines.__setitem__, None, engine)
        yield


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Undo what is done within a transaction that will be rolled back, and leave what was there before.

    Counters go back with it and come to the same numbers again, of other things: nothing that was made of them is kept.
    """
    with app.app_context():
        connection = db.engines[None]
    with connection.begin_nested() as begun:  # type: ignore[attr-defined]
        yield
        begun.rollback()
    app.extensions["keeping"].clear()
    words._kept.clear()
    entering._is_any_private = False


def _end(session: Session) -> None:
    """Do what PostgreSQL does at a commit, as a savepoint is none."""
    session.flush()
    session.connection().exec_driver_sql(END)
