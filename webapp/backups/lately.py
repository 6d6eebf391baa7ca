"""The newest of the daily backups, and when it was last tried whether it can be restored."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from webapp import clock
from webapp.backups import checking, container, locking, marks
from webapp.backups.daily import archives
from webapp.backups.errors import BrokenBackup, LockedBackup
from webapp.config import Settings

# Bytes that are read in a few seconds.
READ_THROUGH = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Latest:
    """A backup that the worker made; `rehearsed_at` is None where nobody has tried to restore it."""

    name: str
    made_at: datetime
    bytes: int
    rehearsed_at: datetime | None


def latest(settings: Settings) -> Latest | None:
    """The newest; None where there is none, or where this process has no such folder before its eyes."""
    found = sorted(archives(settings.backup_folder) or [])
    with suppress(OSError):  # it may go at this moment
        if found:
            told, tried = found[-1].stat(), marks.tried(found[-1])
            return Latest(found[-1].name, _at(told.st_mtime), told.st_size, None if tried is None else _at(tried))
    return None


@dataclass(frozen=True, slots=True)
class Damage:
    """Why a backup cannot be restored, in a sentence; `is_locked` if only for want of its passphrase."""

    said: str
    is_locked: bool


def damage(settings: Settings) -> Damage | None:
    """Why the newest cannot be restored; None if it can be read, or if none is seen from here.

    One that would take minutes is only opened: the worker has read it through when it made it.
    """
    newest = max(archives(settings.backup_folder) or [], default=None)
    if newest is None:
        return None
    try:
        with newest.open("rb") as file:
            archive = locking.reading(file)
            if newest.stat().st_size <= READ_THROUGH:
                checking.check(archive)
            else:
                checking.read_manifest(next(container.members(archive)))
    except (OSError, BrokenBackup) as fault:
        said = f"{newest}: {getattr(fault, 'strerror', None) or fault}".rstrip(".") + "."
        return Damage(said, isinstance(fault, LockedBackup))
    return None


def _at(seconds: float) -> datetime:
    return min(datetime.fromtimestamp(seconds, UTC), clock.now())
