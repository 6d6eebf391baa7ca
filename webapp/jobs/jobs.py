from webapp.jobs import service
from webapp.jobs.tasks import periodic


@periodic("clear_dead_jobs", every=24 * 3600)
def clear_dead_jobs() -> None:
    """Delete what was given up long ago, and what it says with it."""
    service.clear()
