"""What a watcher is told: what all processes have counted, and what the database knows at this moment."""

import hmac
from collections.abc import Iterator
from typing import TYPE_CHECKING

from webapp import counting
from webapp.administration import release
from webapp.config import of_this_app
from webapp.counting import each, one
from webapp.faults import SQLAlchemyError
from webapp.jobs import service as jobs
from webapp.metrics import repository

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric


def is_for(given: str) -> bool:
    """Whether this is what METRICS_TOKEN says; never, where that is unset."""
    wanted = of_this_app().metrics_token
    return wanted is not None and hmac.compare_digest(given.encode(), wanted.get_secret_value().encode())


def metrics() -> tuple[str, str]:
    """All of it, in Prometheus's text format; and the content type of that."""
    return counting.text(_now())


def _now() -> Iterator["Metric"]:
    """A database that does not answer is told as well: all else goes on to be known."""
    yield one("cairn_info", "Which version runs.", 1, version=release.version())
    settings = of_this_app()
    most = settings.web_concurrency * (settings.db_pool_size + settings.db_max_overflow)
    yield one("cairn_pool_limit", "Connections that the workers of this server may have.", most)
    try:
        found, waits = repository.standing(), jobs.backlog()
    except SQLAlchemyError:
        yield one("cairn_database_up", "Whether the database answers.", 0)
        return
    yield one("cairn_database_up", "Whether the database answers.", 1)
    waited = (found.now - waits.waits_since).total_seconds() if waits.waits_since else 0.0
    yield one("cairn_jobs_due", "Jobs that could be done now.", waits.due)
    yield one("cairn_jobs_late_seconds", "For how long the first of them has been due.", waited)
    yield one("cairn_jobs_dead", "Jobs that were given up.", waits.dead)
    yield one("cairn_mails_waiting", "Mails that are not sent yet.", found.mails_waiting)
    yield one("cairn_webhooks_failing", "Webhooks whose last delivery failed.", found.hooks_failing)
    yield one("cairn_webhooks_off", "Webhooks that are switched off.", found.hooks_off)
    yield one("cairn_database_bytes", "Size of the database.", found.database_bytes)
    yield one("cairn_database_is_standby", "Whether it is a standby, which nothing can change.", found.is_standby)
    yield one("cairn_database_connections_limit", "Connections there may be.", found.connections_at_most)
    yield each(
        "cairn_database_connections", "Connections to this database, by what they do.", "state", found.connections
    )
    late = "How long after this server a replica has what is written here; nothing of one whose lag we may not see."
    seen = {name: seconds for name, seconds in found.replicas.items() if seconds is not None}
    yield each("cairn_replication_lag_seconds", late, "replica", seen)
