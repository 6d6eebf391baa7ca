"""A database beside the one in use, on the same server, for as long as a rehearsal takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.exc import ProgrammingError

from webapp.backups.ending import finally_doing
from webapp.config import Settings
from webapp.db import db
from webapp.errors import Unavailable
from webapp.pooling import engine_options, prepare_engine

LACKING = "42501"
# To make or drop a database takes a server longer than a statement of a page may.
UNHURRIED = {"options": "-c statement_timeout=0"}


@contextmanager
def another(settings: Settings) -> Iterator[Engine]:
    """An empty database, dropped at the end. Raises Unavailable if the role may not make one."""
    name = f"cairn_rehearsal_{token_hex(4)}"
    with _asking() as ask:
        _create(ask, name)
        engine = create_engine(db.engine.engine.url.set(database=name), **engine_options(settings))
        prepare_engine(engine)
        drop = partial(ask.execute, text(f"DROP DATABASE {name} WITH (FORCE)"))
        with finally_doing(drop), finally_doing(engine.dispose):
            yield engine


def _create(ask: Any, name: str) -> None:
    try:
        ask.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    except ProgrammingError as error:
        if getattr(error.orig, "pgcode", None) != LACKING:
            raise
        role = ask.scalar(text("SELECT quote_ident(current_user)"))
        raise Unavailable(
            f"The role in DATABASE_URL may not make the database that a rehearsal needs. Let it by ALTER ROLE {role}"
            " CREATEDB, and take that back by NOCREATEDB."
        ) from None


@contextmanager
def _asking() -> Iterator[Any]:
    """A connection to the database in use, each statement for itself."""
    url = db.engine.engine.url
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=UNHURRIED)
    with engine.connect() as connection:
        yield connection
