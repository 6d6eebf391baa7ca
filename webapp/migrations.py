"""Alembic, loaded only by commands: a worker never migrates, and starts without it in half the time.

Gunicorn's first process asks for `head` without the rest of `webapp`, so that is not imported here either.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Connection

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def init_app(app: "Flask") -> None:
    """Let the application be migrated: `flask db …`, `flask prepare`."""
    from flask_migrate import Migrate

    from webapp.db import db

    # Alembic reads its folder's name as a template, in which a percent sign begins a value.
    directory = str(FOLDER).replace("%", "%%")
    Migrate(app, db, directory=directory, compare_type=True, render_as_batch=False)


def head() -> str | None:
    """The newest migration that the code knows."""
    return max(_known(), default=None)


def knows(revision: str) -> bool:
    """Whether the code has this migration."""
    return revision in _known()


def upgrade() -> None:
    """Take the database to the newest migration."""
    from flask_migrate import upgrade

    upgrade()


def move(connection: "Connection", revision: str) -> None:
    """Take the database behind the connection to a migration, up or down, in the transaction at hand."""
    from alembic import command
    from flask import current_app
    from sqlalchemy import text

    config = current_app.extensions["migrate"].migrate.get_config()
    config.attributes["connection"] = connection
    is_migrated = connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
    at = connection.scalar(text("SELECT version_num FROM alembic_version")) if is_migrated else None
    step = command.downgrade if at is not None and at > revision else command.upgrade
    step(config, revision)


def _known() -> set[str]:
    """By the names of their files, which begin with the revision, and the newest sorts last.

    Alembic would load itself and all of them. That is 9 MiB, and as much again of what a worker shares until then;
    each one would pay that for `/readyz`.
    """
    return {path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")}
