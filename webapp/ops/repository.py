from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from webapp.connections import LONGEST, PING, Connection
from webapp.db import db
from webapp.ops import locks


@dataclass(frozen=True, slots=True)
class Standing:
    """How the database is: its migration, whether it may be changed, its clock, the settings that did not arrive."""

    revision: str | None
    only_reads: bool
    now: datetime
    missing: tuple[str, ...]


def standing() -> Standing:
    """What the database says of itself; who asks whether it answers does not wait long for that."""
    driver = db.session.connection().connection.dbapi_connection
    missing: tuple[str, ...] = ()
    if isinstance(driver, Connection):
        driver.longest, missing = PING, driver.missing
    try:
        row = db.session.execute(text(_STANDING)).one()
    finally:
        if isinstance(driver, Connection):
            driver.longest = LONGEST
    return Standing(row[0], row[1], row[2], missing)


_STANDING = """
    SELECT (SELECT version_num FROM alembic_version),
           pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on', clock_timestamp()
"""


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


def lock_first_start() -> None:
    """Wait until no other transaction is here; the lock ends with the transaction."""
    locks.take(db.session.connection(), locks.FIRST_START)


def is_new() -> bool:
    """Whether nobody has ever had an account here."""
    return not db.session.scalar(text("SELECT EXISTS (SELECT FROM users)"))
