"""What the worker does for feeds."""

from webapp.feeds import service
from webapp.jobs.tasks import periodic


@periodic("warn_of_ending_feeds", every=3600)
def warn_of_ending_feeds() -> None:
    """Tell people whose addresses of feeds end within a week, before their calendars stand still."""
    service.warn()
