"""Connections to PostgreSQL: the settings they have, and an end to every wait for an answer.

A server may fall silent with its sockets open: stopped, on a disk that hangs, behind a firewall that forgot. Its
own timeouts then help nobody, and the system's keepalives are still answered. So a process that serves has a thread
that cuts the connections whose answer is overdue. psycopg2's wait callback would do it too, but is meant for the
whole process: it forbids COPY, and connecting would no longer pass over a host of several that does not answer.
"""

import codecs
import logging
import os
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any
from weakref import WeakSet

import psycopg2
from psycopg2.extensions import PYDATETIMETZ, STATUS_READY, TRANSACTION_STATUS_IDLE

from webapp import clock, tracing

log = logging.getLogger("cairn")

SESSION_SETTINGS = {
    "timezone": "UTC",
    "statement_timeout": "5s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "10s",
    # Pages read little: to compile a plan, or to start further processes for it, costs more than it saves.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    # What pages read is in memory, or on a disk without a head: a seek is no dearer than going on. With the
    # server's default of 4 a list would rather read the small tables whole, once for each of its rows.
    "random_page_cost": "1.1",
    # What is prepared, in webapp/reading and by triggers, is planned once: that took most of a short statement.
    "plan_cache_mode": "force_generic_plan",
    # What the index of texts has not sorted in yet, each search reads through.
    "gin_pending_list_limit": "256kB",
}
# Seconds: what statements may take by the settings above, and one for the way.
LONGEST = 6.0
PING = 1.0
_READ_BACK = "SELECT clock_timestamp(), pg_backend_pid(), " + ", ".join(
    f"current_setting('{name}')" for name in SESSION_SETTINGS
)


_UTF_8 = "cairn_utf_8"


def _utf_8(name: str) -> codecs.CodecInfo | None:
    """UTF-8 without a function of Python's around it: psycopg2 calls it for each name of a column.

    A letter that is cut at the end is left out, where Python's own would complain: PostgreSQL sends none such.
    """
    if name != _UTF_8:
        return None
    own = codecs.lookup("utf-8")
    parts = own.streamreader, own.streamwriter, own.incrementalencoder, own.incrementaldecoder
    return codecs.CodecInfo(codecs.utf_8_encode, codecs.utf_8_decode, *parts, name=name)


codecs.register(_utf_8)
psycopg2.extensions.encodings["UTF8"] = _UTF_8


class Overdue(psycopg2.OperationalError):  # type: ignore[misc]
    """The server did not answer in time. Asking it again would only wait again."""


class Unprepared(psycopg2.OperationalError):  # type: ignore[misc]
    """What was prepared is gone, and the transaction with it. All of it may be tried again."""


class Connection(psycopg2.extensions.connection):  # type: ignore[misc]
    """A connection that knows since when it waits, which of its settings somebody in between dropped, and what
    webapp/reading has prepared on it.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.cursor_factory = Cursor
        self.longest = LONGEST
        self.missing: tuple[str, ...] = ()
        self.preface = ""
        self.prepares, self.was_reset = False, False
        self.prepared: set[str] = set()
        self.outdated: set[str] = set()
        # Whether the next statement is to begin a transaction, and whether one was begun that way.
        self.begins, self.begun = False, False
        self._lock, self._due, self._is_cut = threading.Lock(), 0.0, False
        _guard.know(self)

    def begin(self) -> None:
        """Let the next statement begin a transaction, in one message with it.

        Out of autocommit psycopg2 would send BEGIN first and wait for its answer. So it stays in it, and who commits
        or rolls back sends that as a statement.
        """
        self.begins = True

    @property
    def rests(self) -> bool:
        """Whether each statement stands for itself."""
        return self.autocommit and not self.begins and self.get_transaction_status() == TRANSACTION_STATUS_IDLE

    def commit(self) -> None:
        self._end("COMMIT", super().commit)

    def rollback(self) -> None:
        self._end("ROLLBACK", super().rollback)

    def ping(self) -> None:
        """Ask for a sign of life; raises psycopg2.Error if there is none within a second."""
        self.longest = PING
        try:
            with self.cursor() as cursor:
                cursor.execute("SELECT 1")
        finally:
            self.longest = LONGEST

    def settle(self) -> None:
        """Read the clock, and the settings back: a pooler may have taken the startup options and thrown them away.

        Those that are not ours then go with each statement that begins a transaction, and hold for it alone. Nor is
        anything prepared then, or where another process answers than the one that took the connection: a pooler
        with the settings of its own role.
        """
        asked = clock.counter()
        with self.cursor() as cursor:
            cursor.execute(_READ_BACK)
            at, process, *found = cursor.fetchone()
        clock.keep(at, asked, clock.counter())
        self.missing = tuple(name for name, value in zip(SESSION_SETTINGS, found, strict=True)
                             if value != SESSION_SETTINGS[name])  # fmt: skip
        self.prepares = not self.missing and process == self.info.backend_pid
        self.preface = "".join(f"SET LOCAL {name} = '{SESSION_SETTINGS[name]}'; " for name in self.missing)
        if "timezone" in self.missing:
            psycopg2.extensions.register_type(_IN_UTC, self)
        if self.missing:
            _say_once(self.missing)

    def cut_if_overdue(self, now: float) -> None:
        """Called by the guard. The socket is still this connection's, for whoever waits holds the lock to go on."""
        with self._lock:
            if self._due and now > self._due:
                self._is_cut = True
                with socket.socket(fileno=os.dup(self.fileno())) as ours:
                    ours.shutdown(socket.SHUT_RDWR)

    def bound_anew(self) -> None:
        """What the server is asked next may take its time again."""
        self._due = time.monotonic() + self.longest

    def _end(self, word: str, end: Any) -> None:
        self.begins = False
        try:
            if self.begun:
                self._end_begun(word)
            else:
                self._bounded(end)
        finally:
            self.begun = False
        self.longest = LONGEST

    def _end_begun(self, word: str) -> None:
        with self.cursor() as cursor:
            cursor.execute(word)

    def _begin_yet(self) -> None:
        """What failed before it came to the server has begun nothing: the next statement is to."""
        if self.begun and self.get_transaction_status() == TRANSACTION_STATUS_IDLE:
            self.begins, self.begun = True, False

    def _bounded(self, ask: Any, *arguments: Any) -> Any:
        self._due = time.monotonic() + self.longest
        try:
            return ask(*arguments)
        except BaseException as error:
            self._begin_yet()
            if self._is_cut and isinstance(error, psycopg2.Error):
                raise Overdue(f"The database did not answer for {self.longest:.0f} s.") from error
            raise
        finally:
            with self._lock:
                self._due = 0.0


class Cursor(psycopg2.extensions.cursor):  # type: ignore[misc]
    """Its statements bring missing settings along, and end in time. COPY is not bounded: imports take long."""

    def execute(self, query: Any, vars: Any = None) -> Any:
        if tracing.tracing is None:
            connection = self.connection
            if connection.begins or connection.preface:
                query = self._prefaced(query)
            return connection._bounded(super().execute, query, vars)
        with tracing.statement(query):
            return self.connection._bounded(super().execute, self._prefaced(query), vars)

    def executemany(self, query: Any, vars_list: Iterable[Any]) -> None:
        """Each of the statements may take as long as one alone."""
        self._begin_apart()
        self.connection._bounded(super().executemany, self._prefaced(query), self._one_by_one(vars_list))

    def copy_expert(self, *arguments: Any, **options: Any) -> None:
        self._begin_apart()
        super().copy_expert(*arguments, **options)

    def _begin_apart(self) -> None:
        """Begin what the next statement is to begin, where that cannot bring it along."""
        if self.connection.begins:
            self.execute("SELECT")

    def _one_by_one(self, vars_list: Iterable[Any]) -> Iterator[Any]:
        for vars in vars_list:
            self.connection.bound_anew()
            yield vars

    def _prefaced(self, query: Any) -> Any:
        connection = self.connection
        preface = connection.preface
        if connection.begins:
            connection.begins, connection.begun = False, True
            preface = f"BEGIN; {preface}"
        elif not preface or connection.begun or connection.status != STATUS_READY:
            return query
        return preface.encode() + query if isinstance(query, bytes) else preface + query


class _Guard:
    """Cuts what is overdue, in a thread of its own, once it is told to."""

    def __init__(self) -> None:
        self.is_on = False
        self._lock = threading.Lock()
        self._connections: WeakSet[Connection] = WeakSet()

    def know(self, connection: Connection) -> None:
        with self._lock:
            self._connections.add(connection)

    def watch(self) -> None:
        while True:
            time.sleep(0.5)
            with self._lock:
                connections = list(self._connections)
            for connection in connections:
                try:
                    connection.cut_if_overdue(time.monotonic())
                except (OSError, psycopg2.Error):  # it has just ended by itself
                    continue


_guard = _Guard()


def begin_watch() -> None:
    """From now on nothing in this process waits longer for the database than its settings allow.

    For processes that serve, after the fork. Commands may take their time.
    """
    if not _guard.is_on:
        _guard.is_on = True
        threading.Thread(target=_guard.watch, name="database-guard", daemon=True).start()


def _in_utc(value: str | None, cursor: Any) -> datetime | None:
    read: datetime | None = PYDATETIMETZ(value, cursor)
    return read and read.astimezone(UTC)


_IN_UTC = psycopg2.extensions.new_type((1184,), "TIMESTAMPTZ", _in_utc)


@cache
def _say_once(missing: tuple[str, ...]) -> None:
    log.warning(
        "The way to the database drops these settings: %s. They are sent with each statement instead; "
        "ALTER ROLE … SET saves that.",
        ", ".join(missing),
    )
