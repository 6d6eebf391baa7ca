"""Hearing at once that there is something to do: PostgreSQL tells at the commit whoever listens."""

import logging
import select
import time
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import psycopg2
from sqlalchemy.exc import SQLAlchemyError

from webapp.connections import Connection
from webapp.db import db
from webapp.reading import Text, read

log = logging.getLogger("cairn")

ERRORS = (SQLAlchemyError, psycopg2.Error)
# A pooler may take a LISTEN, and keep what is told then for itself.
PROOF = 2.0  # seconds
# Those of wake_workers (triggers.sql), which says how they work together.
_WRITING, _SLEEPING = 7311032, 7311033
_TO_BE_TOLD = f"SELECT pg_advisory_lock_shared({_SLEEPING})"
_IS_TOLD_OF_ALL = (
    f"SELECT CASE WHEN pg_try_advisory_lock({_WRITING}) THEN pg_advisory_unlock({_WRITING}) ELSE false END"
)
_NOT_TO_BE_TOLD = f"SELECT pg_advisory_unlock_shared({_SLEEPING})"
_PROVING = Text("SELECT pg_notify('cairn_jobs', :word)", "word text", "told")


class Listener:
    """A connection of its own that hears which lanes have something to do; or it is deaf, for a pooler's sake."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.is_deaf = False
        self.sleeps = False

    def open(self) -> None:
        """Begin to listen, unless it does, or was found to be deaf. Raises SQLAlchemyError and psycopg2.Error."""
        if self.connection is not None or self.is_deaf:
            return
        taken = db.engine.raw_connection()
        taken.detach()
        connection = taken.dbapi_connection
        assert isinstance(connection, Connection)
        self.connection = connection
        self._ask("LISTEN cairn_jobs")
        # What is lost meanwhile is no pooler's, and is opened anew.
        if connection.prepares and (self._hears() or self.connection is None):
            return
        self.close()
        self.is_deaf = True
        log.warning(
            "Nothing is heard through this way to the database: it is asked every second for jobs. "
            "Give the worker a DATABASE_URL that leads to PostgreSQL itself to spare that."
        )

    def sleep(self) -> bool:
        """Be told of jobs from now on, and look at the queue once more. False while somebody may have written one
        and will not tell: then it is too early. Raises psycopg2.Error.
        """
        if self.connection is None:
            return self.is_deaf
        if not self.sleeps:
            self._ask(_TO_BE_TOLD)
            self.sleeps = True
        return bool(self._ask(_IS_TOLD_OF_ALL) == (True,))

    def wake(self) -> None:
        """Need not be told any more, for whoever wakes it looks by itself. Raises psycopg2.Error."""
        if self.connection is not None and self.sleeps:
            self._ask(_NOT_TO_BE_TOLD)
            self.sleeps = False

    def fileno(self) -> int | None:
        return self.connection.fileno() if self.connection is not None else None

    def heard(self) -> list[str]:
        """What was told since; a connection that is lost hears nothing, and is opened anew next time."""
        if self.connection is None:
            return []
        try:
            self.connection.poll()
        except psycopg2.Error:
            self.close()
            return []
        words = [one.payload for one in self.connection.notifies]
        self.connection.notifies.clear()
        return words

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection, self.sleeps = None, False

    def _ask(self, statement: str) -> Any:
        """The first row, if there is one. Whoever gets no answer hears nothing either, and listens anew next time."""
        assert self.connection is not None
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchone() if cursor.description else None
        except psycopg2.Error:
            self.close()
            raise

    def _hears(self) -> bool:
        """It is told by another connection: on its own, a pooler cannot but pass it on."""
        word = f"proof {token_hex(8)}"
        try:
            read(_PROVING, {"word": word})
        except ERRORS:
            self.close()
            raise
        return any(word in words for words in self._heard_within(PROOF))

    def _heard_within(self, seconds: float) -> Iterator[list[str]]:
        end = time.monotonic() + seconds
        while self.connection is not None and (rest := end - time.monotonic()) > 0:
            select.select([self.connection], [], [], rest)
            yield self.heard()
