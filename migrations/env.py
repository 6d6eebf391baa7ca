"""Runs migrations: one process at a time, all of them or none."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from webapp.db import db

# Two servers that start at once on one database take turns by the lock; its number is any fixed one. All of it
# ends with the transaction, so that nothing stays behind in a connection that a pool hands to somebody else.
PREPARATIONS = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL lock_timeout = '30s'",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SELECT pg_advisory_xact_lock(7311026)",
)


def run() -> None:
    with db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        driver.autocommit = False  # the pool's connections rest in autocommit; a migration is all or nothing
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            for statement in PREPARATIONS:
                connection.execute(text(statement))
            context.run_migrations()
        connection.commit()


run()
