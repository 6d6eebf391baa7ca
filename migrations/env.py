"""Runs migrations: one process at a time, all of them or none."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from webapp.commands import plainly
from webapp.db import db
from webapp.ops import locks
from webapp.ops import service as ops

# All of it ends with the transaction, so that nothing stays behind in a connection that a pool hands to
# somebody else.
PATIENT = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
# Others work on: what a migration locks, it must get soon, or they would queue up behind it.
TABLES = "SET LOCAL lock_timeout = '30s'"


def run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:  # whoever gave it ends its transaction
        migrate(given)
        return
    with db.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.autocommit = False  # the pool's connections rest in autocommit; a migration is all or nothing
        migrate(connection)
        connection.commit()


def migrate(connection: Connection) -> None:
    """Run what Alembic was asked for, in the transaction at hand."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        begin(connection)
        context.run_migrations()


def begin(connection: Connection) -> None:
    """Wait for the turn; refuse a database that these migrations cannot bring up to date."""
    for statement in PATIENT:
        connection.execute(text(statement))
    locks.take(connection, locks.MIGRATION, meanwhile="another server is migrating this database; waiting for it.")
    connection.execute(text(TABLES))
    ops.refuse_foreign(connection.scalar(text("SHOW server_encoding")), context.get_context().get_current_revision())


with plainly():
    run()
