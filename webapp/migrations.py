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
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def knows(revision: str) -> bool:
    """Whether the code has this migration."""
    from alembic.script import ScriptDirectory

    return any(one.revision == revision for one in ScriptDirectory(str(ROOT / "migrations")).walk_revisions())


def upgrade() -> None:
    """Take the database to the newest migration."""
    from flask_migrate import upgrade

    upgrade()
