"""Runs migrations: one process at a time, each migration in its own transaction."""

from alembic import context
from flask import current_app
from sqlalchemy import text

from webapp.db import db

# Any fixed number; two servers that start at once on one database take turns by it.
LOCK = 7_311_026


def run() -> None:
    with db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SET lock_timeout = '30s'"))
        connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        driver.autocommit = False  # the pool's connections rest in autocommit; a migration is all or nothing
        try:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                transaction_per_migration=True,
                **current_app.extensions["migrate"].configure_args,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
        finally:
            connection.invalidate()  # the settings and the lock end with it


run()
