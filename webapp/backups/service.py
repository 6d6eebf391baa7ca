"""Backups, as others ask for them."""

from datetime import datetime

from webapp import config
from webapp.backups import daily, lately
from webapp.backups.lately import Damage, Latest, latest
from webapp.backups.making import make, send
from webapp.backups.rehearsing import rehearse
from webapp.backups.restoring import Restored, restore
from webapp.jobs import service as jobs

__all__ = ["Damage", "Restored", "back_up", "damage", "last", "make", "rehearse", "restore", "send", "trouble"]


def back_up() -> None:
    """Make the backup of today, where the settings ask for it and it is not there yet."""
    daily.back_up(config.of_this_app())


def last() -> Latest | None:
    """The newest of the daily backups, as far as this process sees their folder."""
    return latest(config.of_this_app())


def damage() -> Damage | None:
    """Why the newest of the daily backups cannot be restored; None if it can be read, or none is seen from here."""
    return lately.damage(config.of_this_app())


def trouble(now: datetime) -> str:
    """What is wrong with the daily backups at this time; empty if nothing is, or if there are to be none."""
    settings = config.of_this_app()
    if settings.backup_folder is None:
        return ""
    if jobs.is_failing("back_up"):
        return "The daily backup failed, and is tried again. See `flask jobs`, and the worker's log."
    return daily.trouble(settings, now)
