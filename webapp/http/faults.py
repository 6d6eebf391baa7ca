"""The database's refusals in the words of the domain: a race is a conflict, a sick server passes."""

import logging
import traceback

from sqlalchemy.exc import DBAPIError, OperationalError

from webapp.errors import CairnError, Conflict, Invalid, Unavailable

log = logging.getLogger("cairn")

# Classes of SQLSTATE: insufficient resources, operator intervention, rollback, object not in this state.
PASSING = ("53", "57", "40", "55")


def told(error: DBAPIError) -> CairnError | None:
    """What a caller should hear of the error; None for one that is a mistake of ours."""
    code = state(error)
    if code == "23505":
        return Conflict("Somebody else just took this. Look again and try once more.")
    if code == "23503":
        return Conflict("What this refers to has just been deleted.")
    if code.startswith("22"):
        return Invalid.on("", "A value is not one that can be stored.")
    if isinstance(error, OperationalError) or error.connection_invalidated or code[:2] in PASSING:
        note("unavailable", error)
        return Unavailable()
    return None


def state(error: DBAPIError) -> str:
    """PostgreSQL's five-character SQLSTATE, empty where the connection died without one."""
    return getattr(error.orig, "pgcode", None) or ""


def note(kind: str, error: Exception) -> None:
    """Log an error with where it happened. The database's own words may quote what somebody typed: not those."""
    if isinstance(error, DBAPIError):
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("%s: %s %s\n%s", kind, type(error.orig).__name__, state(error), where)
    else:
        log.error("%s: %s", kind, type(error).__name__, exc_info=error)
