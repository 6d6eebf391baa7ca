from sqlalchemy import text

from webapp.db import db


def revision() -> str | None:
    """The migration that the database is at."""
    found: str | None = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def is_new() -> bool:
    """Whether nobody has ever had an account here."""
    return not db.session.scalar(text("SELECT EXISTS (SELECT FROM users)"))
