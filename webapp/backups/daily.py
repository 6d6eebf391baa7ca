"""A backup each day, made by the worker: whole before older ones go."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from webapp import clock
from webapp.backups import checking, locking, making, marks
from webapp.config import Settings

# What lies there under another name is not ours to remove.
_NAME = re.compile(r"cairn-(\d{4}-\d\d-\d\d)\.tar\.zst(\.age)?")
_DRAFT = re.compile(r"\.cairn-\d{4}-\d\d-\d\d\.tar\.zst(\.age)?\.[0-9a-f]{16}")
# So much older than its day a backup may be: it is made at some hour, and takes a while.
LATE = timedelta(hours=30)


def back_up(settings: Settings) -> Path | None:
    """Make the backup of today, if its hour has come and it is not there; answers where it is.

    It is read through, and only then older ones than BACKUP_KEEP days are removed.
    """
    folder, now = settings.backup_folder, clock.now()
    if folder is None or now.hour < settings.backup_hour:
        return None
    path = folder / f"cairn-{now:%Y-%m-%d}.tar.zst{locking.ending(settings)}"
    if path.exists():
        return None
    _remove_drafts(folder)
    making.make(path)
    try:
        with path.open("rb") as file:
            checking.check(locking.reading(file))
    except BaseException:
        path.unlink()
        raise
    _remove_old(folder, now.date() - timedelta(days=settings.backup_keep))
    return path


def trouble(settings: Settings, now: datetime) -> str:
    """What whoever runs Cairn should know of the daily backups; empty if all is well, or if there are to be none.

    Asked of the folder; a process that has none before its eyes knows nothing.
    """
    folder = settings.backup_folder
    found = archives(folder)
    if found is None:
        return ""
    days = [_day(path) for path in found]
    if not days:
        return f"There is no backup in {folder} yet."
    newest = datetime.combine(max(days), datetime.min.time(), now.tzinfo) + timedelta(hours=settings.backup_hour)
    if now - newest > LATE:
        return f"The newest backup in {folder} is of {max(days).isoformat()}. See `flask jobs` and the worker's log."
    return ""


def archives(folder: Path | None) -> list[Path] | None:
    """The daily backups that lie there, in no order; None where this process, or its account, sees no such folder."""
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        return None if folder is None else [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return None


def _day(path: Path) -> date:
    return date.fromisoformat(path.name.removeprefix("cairn-").partition(".")[0])


def _remove_old(folder: Path, before: date) -> None:
    for path in archives(folder) or ():
        if _day(path) <= before:
            path.unlink(missing_ok=True)
            marks.forget(path)


def _remove_drafts(folder: Path) -> None:
    """What a worker left that was killed. Of the daily ones there is only one at a time."""
    for path in folder.iterdir():
        if _DRAFT.fullmatch(path.name):
            path.unlink(missing_ok=True)
