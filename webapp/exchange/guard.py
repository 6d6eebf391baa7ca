"""One import into a project at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from webapp.db import db

_WAIT = "SET LOCAL idle_in_transaction_session_timeout = 0"
_TAKE = "SELECT pg_try_advisory_xact_lock(hashtextextended('import', :project))"


@contextmanager
def alone(project_id: int) -> Iterator[bool]:
    """Whether no other import into this project runs; none will, as long as this is open.

    A transaction of its own keeps it, on a connection that does nothing else: whatever ends this process ends it
    too, and a pooler between does not mix it up. It has no snapshot and locks no row, so nobody waits for it.
    """
    # A session that is bound to a connection has an engine behind it as well.
    with db.engine.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.autocommit = False
        connection.execute(text(_WAIT))
        yield bool(connection.scalar(text(_TAKE), {"project": project_id}))
        connection.rollback()
