"""The files themselves: `files/ab/cdef…` in the data folder, under names that nobody chose.

`files/.cairn` says whose they are, `files/trash/2026-11-28/ab/cdef…` is what was swept on that day.
"""

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import IO

from webapp import config
from webapp.attachments import pictures
from webapp.attachments.pictures import Picture
from webapp.errors import TooLarge, Unavailable
from webapp.i18n import _

MIB = 1024 * 1024
# A file this young may still get its row.
GRACE = 3_600
SHARDS = tuple(f"{number:02x}" for number in range(256))
_NAME = re.compile(r"[0-9a-f]{32}")
_DRAFT = re.compile(r"\.[0-9a-f]{30}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies safely on the disk."""

    name: str
    size: int
    sha256: str
    media_type: str
    picture: Picture | None


def keep(stream: IO[bytes]) -> Stored:
    """Store what the stream has. Raises TooLarge beyond the limit, Unavailable if the disk refuses."""
    with _draft() as draft:
        _write(draft, stream)
        picture = _cleaned(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
            digest = file_digest(file, "sha256").hexdigest()
        size = draft.stat().st_size
        name = _put(draft, picture.thumbnail if picture else None)
        return Stored(name, size, digest, picture.media_type if picture else pictures.type_of(path_of(name)), picture)


def keep_square(stream: IO[bytes], side: int) -> str | None:
    """Store the middle of a picture as a small square, and nothing else of it; None if it is no picture."""
    with _draft() as draft:
        _write(draft, stream)
        small = pictures.square(draft, side)
        if small is None:
            return None
        draft.write_bytes(small)
        return _put(draft, None)


def path_of(name: str) -> Path:
    """Where a stored file lies."""
    return home() / name[:2] / name[2:]


def thumbnail_of(name: str) -> Path:
    """Where its small picture lies, if it has one."""
    return path_of(name).with_suffix(".thumb")


def remove(name: str) -> None:
    """Take a file and its small picture away; one that is gone already is no fault."""
    for path in (thumbnail_of(name), path_of(name)):
        path.unlink(missing_ok=True)


def rest(name: str, day: date) -> None:
    """Put a file and its small picture into the trash of a day; one that is gone already is no fault."""
    there = home() / "trash" / day.isoformat() / name[:2]
    there.mkdir(parents=True, exist_ok=True)
    for path in (thumbnail_of(name), path_of(name)):
        with suppress(FileNotFoundError):  # another process sweeps too
            path.replace(there / path.name)


def empty_trash(before: date) -> None:
    """Delete what was put into the trash before a day."""
    trash = home() / "trash"
    for day in trash.iterdir() if trash.is_dir() else ():
        if _DAY.fullmatch(day.name) and day.name < before.isoformat():
            shutil.rmtree(day, ignore_errors=True)


def settled(shard: str) -> list[str]:
    """The names of the files in a shard that are old enough to have their rows. Abandoned drafts are removed.

    What has no name of ours was put there by somebody else, and is theirs.
    """
    folder, edge = home() / shard, time.time() - GRACE
    names = set()
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):  # another process sweeps too
            if path.stat().st_mtime > edge:
                continue
            if _NAME.fullmatch(shard + path.stem):
                names.add(shard + path.stem)
            elif _DRAFT.fullmatch(path.name):
                path.unlink()
    return sorted(names)


def some(number: int) -> list[str]:
    """The names of some of the files; of all, if there are fewer than so many."""
    names: set[str] = set()
    for folder in (home() / shard for shard in SHARDS):
        found = (folder.name + path.stem for path in (folder.iterdir() if folder.is_dir() else ()))
        names.update(name for name in found if _NAME.fullmatch(name))
        if len(names) >= number:
            break
    return sorted(names)[:number]


def home() -> Path:
    """The folder of all files."""
    return config.of_this_app().cairn_data / "files"


def owner() -> str | None:
    """The id of the database whose files these are; None if the folder bears none."""
    try:
        return (home() / ".cairn").read_text().strip()
    except FileNotFoundError:
        return None


def claim(database: str, *, anew: bool = False) -> str:
    """Let the files be of this database, unless somebody was faster; `anew` also if they were another one's.

    Returns whose they are. The mark is whole or not there, whenever the power fails.
    """
    home().mkdir(parents=True, exist_ok=True)
    mark, draft = home() / ".cairn", home() / f".cairn-{secrets.token_hex(8)}"
    try:
        with draft.open("x") as file:
            file.write(f"{database}\n")
            file.flush()
            os.fsync(file.fileno())
        if anew:
            draft.replace(mark)
        else:
            with suppress(FileExistsError):
                mark.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
    return owner() or database


def incoming() -> Path:
    """The folder where uploads are held while they are read: not /tmp, which may be memory."""
    folder = home() / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def limit() -> int:
    """How many bytes a file may have."""
    return config.of_this_app().upload_limit_mb * MIB


def is_due(seconds: float) -> bool:
    """Whether this was not asked for so long, by any process; asking starts the time anew."""
    stamp = incoming().parent / ".swept"
    if stamp.exists() and time.time() - stamp.stat().st_mtime < seconds:
        return False
    stamp.touch()
    return True


def _cleaned(draft: Path) -> Picture | None:
    """The picture that the draft is, its metadata gone. If they cannot be taken out it is not shown as one.

    One that is too large to be shown loses them as well: it can be downloaded by the same people.
    """
    picture = pictures.looked_at(draft)
    clean = pictures.without_metadata(draft, picture) if picture else pictures.bare(draft)
    if clean is None:
        return None
    draft.write_bytes(clean)
    return picture


@contextmanager
def _draft() -> Iterator[Path]:
    """A file in the shard where it will stay, gone at the end unless it was put in its place."""
    name = secrets.token_hex(16)
    draft = home() / name[:2] / f".{name[2:]}"
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        yield draft
    except OSError as error:
        raise Unavailable(_("The file could not be stored. Ask whoever runs this Cairn for room.")) from error
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, stream: IO[bytes]) -> None:
    left = limit()
    with draft.open("xb") as file:
        while chunk := stream.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise TooLarge(_("A file may have %(limit)s MiB.", limit=config.of_this_app().upload_limit_mb))
            file.write(chunk)


def _put(draft: Path, thumbnail: bytes | None) -> str:
    """Move the draft to its place, the small picture first: whole or not at all, whenever the power fails."""
    name = draft.parent.name + draft.name[1:]
    if thumbnail is not None:
        thumbnail_of(name).write_bytes(thumbnail)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.rename(path_of(name))
    folder = os.open(draft.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return name
