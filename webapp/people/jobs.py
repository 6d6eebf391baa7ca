"""What the worker does about people."""

from datetime import datetime

from webapp.jobs.tasks import task
from webapp.people import purging


@task("purge_person")
def purge_person(user: int, since: str, until: str, by: int) -> None:
    """Put what is left of what somebody made into the trash, or some of it and have the rest done later."""
    purging.go_on(user, datetime.fromisoformat(since), datetime.fromisoformat(until), by)
