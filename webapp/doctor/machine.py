"""What is wrong with this machine: its folders, the room in them, and who this program runs as."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from webapp.backups import service as backups
from webapp.config import Settings
from webapp.ops.checking import Finding, error, warning

MIB = 1024 * 1024
# Below this, a few uploads or a backup fill a disk; below the second one it is full for all that matters.
LITTLE, NONE = 1024 * MIB, 100 * MIB
FEW_FILES = 1_000


def findings(settings: Settings) -> Iterator[Finding]:
    """What can be seen at once."""
    folder = settings.cairn_data / "files"
    yield from _of_the_account(folder)
    if (why := _why_not(folder)) is not None:
        yield error(
            "folder",
            f"{folder} cannot be written ({why}). Nothing can be uploaded. Let it be a folder that the account owns "
            "which Cairn runs as, on a disk that takes changes.",
        )
    if settings.backup_folder is not None and (why := _why_not(settings.backup_folder)) is not None:
        yield error(
            "backups_folder",
            f"BACKUP_FOLDER, {settings.backup_folder}, cannot be written from here ({why}). No backup is made. Make "
            "the folder, and let it be the account's which the worker runs as. If only the worker's machine has it, "
            "ask there.",
        )
    yield from _of_room(settings)


def of_backups(settings: Settings) -> Iterator[Finding]:
    """Whether there are any, and the newest can be read: that takes a while."""
    if settings.backup_folder is None:
        yield warning(
            "backups",
            "BACKUP_FOLDER is not set, so Cairn makes no backups itself. If nothing else does, a broken disk takes "
            "everything. Name a folder on another disk; docs/deployment.md has more ways.",
        )
    elif damage := backups.damage():
        yield error(
            "backup",
            f"{damage.said} It would restore nothing. {_after(damage)} make another: flask --app wsgi backup FILE.",
        )


def _after(damage: backups.Damage) -> str:
    """What to do before another one is made."""
    if damage.is_locked:
        return "Look for it where other secrets are. If it is lost, so are these backups: set a new one, and"
    return "Keep those before it, look at the disk that it lies on, and"


def _of_the_account(folder: Path) -> Iterator[Finding]:
    # Whoever may not look into the one above sees whose that is. Path's own `exists` would raise there.
    there = next((path for path in (folder, folder.parent) if os.path.exists(path)), None)
    if there is None or there.stat().st_uid == os.geteuid():
        return
    owner, mine = _named(there.stat().st_uid), _named(os.geteuid())
    yield warning(
        "account",
        f"This runs as {mine}, and {there} is {owner}'s. What is said here of folders holds for {mine} alone; if "
        f"Cairn itself runs so, {owner}'s files may be out of its reach. Run this as the account of the server.",
    )


def _why_not(folder: Path) -> str | None:
    """Why nothing can be written there, tried by a file without a name; None if it can be. It need not be there yet
    if it can be made."""
    there = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"Cairn")
            file.flush()
    except OSError as fault:
        return fault.strerror or str(fault)
    return None


def _of_room(settings: Settings) -> Iterator[Finding]:
    """Of each disk once."""
    told = set()
    for path in (settings.cairn_data, settings.backup_folder):
        there = path and next((one for one in (path, *path.parents) if os.path.isdir(one)), None)
        if there is None or (disk := there.stat().st_dev) in told:
            continue
        told.add(disk)
        yield from _of_a_disk(there)


def _of_a_disk(there: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(there).free
    if free < LITTLE:
        tell = error if free < NONE else warning
        yield tell(
            "room",
            f"The disk of {there} has {free // MIB} MiB left. When it is full, uploads are refused, backups fail, "
            "and a database that lies there stops. Make room: `flask clean-trash` and `flask clean-files` delete "
            "what is in the trash for good, BACKUP_KEEP says how many backups stay.",
        )
    told = os.statvfs(there)
    if told.f_files and told.f_favail < FEW_FILES:
        yield error(
            "inodes",
            f"The disk of {there} takes only {told.f_favail} more files, whatever room it has. Delete many small "
            "ones, or move the folder to another file system.",
        )


def _named(account: int) -> str:
    try:
        return pwd.getpwuid(account).pw_name
    except KeyError:  # of a container that knows no names
        return f"account {account}"
