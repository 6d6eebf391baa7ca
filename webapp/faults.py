"""What goes wrong with the database, and its refusals in the words of the domain: a race is a conflict, a sick server
passes. Whoever has to catch what it raises takes that from here, and need not know by which library it is asked.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable

from flask import has_request_context, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from webapp import counting, opened
from webapp.db import db, present
from webapp.errors import CairnError, Conflict, Invalid, Unavailable
from webapp.i18n import N_

__all__ = [
    "DBAPIError", "InterfaceError", "OperationalError", "PoolTimeout", "SQLAlchemyError",
    "give_up", "note", "refusal_of", "state",
]  # fmt: skip
log = logging.getLogger("cairn")

Words = Callable[[], CairnError]


def _taken() -> CairnError:
    return Conflict(N_("Somebody else just took this. Look again and try once more."))


def _deleted() -> CairnError:
    return Conflict(N_("What this refers to has just been deleted."))


def _unstorable() -> CairnError:
    return Invalid.on("", N_("A value is not one that can be stored."))


def _only_reads() -> CairnError:
    return Unavailable(N_("The database cannot be changed at the moment. Try again in a moment."), retry_after=5)


# What each class of SQLSTATE is, and each state that is not as its class. None: a mistake of ours.
STATES: dict[str, Words | None] = {
    "00": None,  # successful completion
    "01": None,  # warning
    "02": None,  # no data
    "03": None,  # SQL statement not yet complete
    "08": Unavailable,  # connection exception; poolers say so too
    "09": None,  # triggered action exception
    "0A": None,  # feature not supported
    "0B": None,  # invalid transaction initiation
    "0F": None,  # locator exception
    "0L": None,  # invalid grantor
    "0P": None,  # invalid role specification
    "0Z": None,  # diagnostics exception
    "10": None,  # XQuery error
    "20": None,  # case not found
    "21": None,  # cardinality violation
    "22": _unstorable,  # data exception
    "23": None,  # integrity constraint violation: what was not checked before
    "23001": _deleted,  # restrict violation
    "23503": _deleted,  # foreign key violation
    "23505": _taken,  # unique violation
    "23P01": _taken,  # exclusion violation
    "24": None,  # invalid cursor state
    "25": None,  # invalid transaction state
    "25006": _only_reads,  # read-only transaction: a standby, a demoted primary, a full disk at some providers
    "25P03": Unavailable,  # idle in transaction for too long
    "25P04": Unavailable,  # transaction timeout
    "26": None,  # invalid statement name
    "27": None,  # triggered data change violation
    "28": Unavailable,  # invalid authorization: its password is just being changed
    "2B": None,  # dependent privilege descriptors still exist
    "2D": None,  # invalid transaction termination
    "2F": None,  # SQL routine exception
    "34": None,  # invalid cursor name
    "38": None,  # external routine exception
    "39": None,  # external routine invocation exception
    "3B": None,  # savepoint exception
    "3D": Unavailable,  # invalid catalog name: the database is just being restored
    "3F": None,  # invalid schema name
    "40": Unavailable,  # transaction rollback: deadlocks and the like, after some tries
    "42": None,  # syntax error or access rule violation
    "44": None,  # WITH CHECK OPTION violation
    "53": Unavailable,  # insufficient resources: disk, memory, connections
    "54": _unstorable,  # program limit exceeded: too long for an index, too deep
    "55": Unavailable,  # object not in prerequisite state: locked, in use
    "57": Unavailable,  # operator intervention: stops, starts, statements that took too long
    "58": Unavailable,  # system error: its disk
    "72": Unavailable,  # snapshot failure
    "F0": Unavailable,  # configuration file error
    "HV": None,  # foreign data wrapper error
    "P0": None,  # PL/pgSQL error
    "XX": Unavailable,  # internal error: the server's mistake, or its disk's
}


def refusal_of(error: DBAPIError) -> CairnError | None:
    """What a caller should hear of the error; None for one that is a mistake of ours."""
    words = _words(error)
    if words is None:
        return None
    refusal = words()
    if isinstance(refusal, Unavailable):
        note("unavailable", error)
    return refusal


def give_up() -> None:
    """Undo what was begun, and give the connection back: after a fault nobody can rely on either."""
    opened.undo(present())
    db.session.remove()


def _words(error: DBAPIError) -> Words | None:
    code = state(error)
    for known in (code, code[:2]):
        if known in STATES:
            return STATES[known]
    return Unavailable if isinstance(error, OperationalError) or error.connection_invalidated else None


def state(error: DBAPIError) -> str:
    """PostgreSQL's five-character SQLSTATE, empty where the connection died without one."""
    return getattr(error.orig, "pgcode", None) or ""


def note(kind: str, error: Exception) -> None:
    """Log an error. The database's own words may quote what somebody typed: not those.

    `unavailable` is what comes in thousands while the database is away: a line each, and where it happened at
    most once a minute for each sort of error.
    """
    is_database = isinstance(error, DBAPIError)
    name = type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
    code = state(error) if isinstance(error, DBAPIError) else ""
    endpoint = request.endpoint if has_request_context() else None
    fields: dict[str, object] = {"error": name, "sqlstate": code, "endpoint": endpoint}
    trace_is_due = True
    if kind == "unavailable":
        counting.note_unavailable("pool" if isinstance(error, PoolTimeout) else "database")
        trace_is_due, fields["since_last_trace"] = _traces.due(f"{name} {code}")
    if is_database and trace_is_due:
        fields["trace"] = "".join(traceback.format_tb(error.__traceback__))
    shown = None if is_database or not trace_is_due else error
    log.error("%s: %s at %s", kind, f"{name} {code}".strip(), endpoint, exc_info=shown, extra={"fields": fields})


class _Traces:
    """Which sorts of error had their trace logged within the last minute, and how many came since."""

    PAUSE = 60.0

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, tuple[float, int]] = {}

    def due(self, sort: str) -> tuple[bool, int]:
        """Whether a trace is logged now, and how many errors of this sort there were since the last one."""
        now = time.monotonic()
        with self._lock:
            at, count = self._last.get(sort, (now - self.PAUSE, 0))
            is_due = now - at >= self.PAUSE
            self._last[sort] = (now, 0) if is_due else (at, count + 1)
        return is_due, count


_traces = _Traces()


def if_it_can(note: Callable[[int], None], number: int) -> None:
    """Note something by the way: what can be read is read although the database cannot be changed at the moment."""
    try:
        note(number)
    except DBAPIError as error:
        if not isinstance(refusal_of(error), Unavailable):
            raise
        give_up()
