from sqlalchemy import text

from webapp.db import db
from webapp.ops import turns


def revision() -> str | None:
    """The migration that the database is at."""
    found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def encoding() -> str:
    """How the database stores text."""
    return str(db.session.scalar(text("SHOW server_encoding")))


def is_migrated() -> bool:
    """Whether any migration has ever come to an end here."""
    return bool(db.session.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL")))


def take_turns() -> None:
    """Wait until no other transaction is here; the turn ends with the transaction."""
    turns.take(db.session.connection(), turns.FIRST_START)


def is_new() -> bool:
    """Whether nobody has ever had an account here."""
    return not db.session.scalar(text("SELECT EXISTS (SELECT FROM users)"))
