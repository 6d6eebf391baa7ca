"""Alembic, loaded only by commands: a worker never migrates, and starts without it in half the time."""

from flask import Flask

from webapp.config import ROOT
from webapp.db import db

# Alembic reads its folder's name as a template, in which a percent sign begins a value.
FOLDER = str(ROOT / "migrations").replace("%", "%%")


def init_app(app: Flask) -> None:
    """Let the application be migrated: `flask db …`, `flask prepare`."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=FOLDER, compare_type=True, render_as_batch=False)


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


def _known() -> set[str]:
    """By the names of their files, which begin with the revision: Alembic would load itself and all of them.

    That is 9 MiB, and as much again of what a worker shares until then; each one would pay that for `/readyz`.
    """
    return {path.name.partition("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py")}
