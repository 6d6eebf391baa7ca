"""What the worker does where people log in by a directory."""

from webapp.directory import leaving
from webapp.jobs.tasks import periodic


@periodic("end_logins_of_who_left", every=3600, lane="directory")
def end_logins_of_who_left() -> None:
    """End the logins and tokens of those who are in the directory no more."""
    leaving.end_logins()
