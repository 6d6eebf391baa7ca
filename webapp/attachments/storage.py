"""The files themselves: how they are looked at and cleaned on their way to where they lie, and what lies there.

That is a folder or a bucket (`webapp/stores`). In both cases they are drafts in the data folder first.
"""

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import IO

from webapp import config
from webapp.attachments import pictures
from webapp.attachments.pictures import Picture
from webapp.errors import TooLarge, Unavailable
from webapp.i18n import _
from webapp.stores import choosing
from webapp.stores.choosing import here
from webapp.stores.objects import Object
from webapp.stores.place import CHUNK, NAME

MIB = 1024 * 1024
# A file this young may still get its row.
GRACE = 3_600
_DRAFT = re.compile(r"\.[0-9a-f]{30}")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies safely where it stays."""

    name: str
    size: int
    sha256: str
    media_type: str
    picture: Picture | None


def keep(stream: IO[bytes]) -> Stored:
    """Store what the stream has. Raises TooLarge beyond the limit, Unavailable if the disk or the store refuses."""
    with _draft() as draft:
        _write(draft, stream)
        picture = _cleaned(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
            digest = file_digest(file, "sha256").hexdigest()
        size, media_type = draft.stat().st_size, picture.media_type if picture else pictures.type_of(draft)
        return Stored(_put(draft, picture.thumbnail if picture else None), size, digest, media_type, picture)


def keep_square(stream: IO[bytes], side: int) -> str | None:
    """Store the middle of a picture as a small square, and nothing else of it; None if it is no picture."""
    with _draft() as draft:
        _write(draft, stream)
        small = pictures.square(draft, side)
        if small is None:
            return None
        draft.write_bytes(small)
        return _put(draft, None)


def file(name: str) -> Path | Object:
    """What can be sent of a stored file."""
    return here().file(name)


def small(name: str) -> Path | Object:
    """The same of its small picture, if it has one."""
    return here().small(name)


def remove(name: str) -> None:
    """Take a file and its small picture away; one that is gone already is no fault."""
    here().remove(name)


def settled(shard: str) -> list[str]:
    """The names of the files in a shard that are old enough to have their rows. Abandoned drafts are removed.

    What has no name of ours was put there by somebody else, and is theirs.
    """
    edge = time.time() - GRACE
    _remove_drafts(choosing.folder() / shard, edge)
    return sorted({one.name for one in here().lying(shard) if one.since <= edge and NAME.fullmatch(one.name)})


def some(number: int) -> list[str]:
    """The names of some of the files; of all, if there are fewer than so many."""
    names: set[str] = set()
    place = here()
    for shard in place.shards():
        names.update(one.name for one in place.lying(shard) if NAME.fullmatch(one.name))
        if len(names) >= number:
            break
    return sorted(names)[:number]


def claim(database: str, *, anew: bool = False) -> str:
    """Let the files be of this database, unless somebody was faster; `anew` also if they were another one's.

    Returns whose they are.
    """
    place = here()
    place.claim(database, anew=anew)
    return place.mark() or database


def incoming() -> Path:
    """The folder where uploads are held while they are read: not /tmp, which may be memory."""
    folder = choosing.folder() / "incoming"
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
    draft = choosing.folder() / name[:2] / f".{name[2:]}"
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
        while chunk := stream.read(CHUNK):
            left -= len(chunk)
            if left < 0:
                raise TooLarge(_("A file may have %(limit)s MiB.", limit=config.of_this_app().upload_limit_mb))
            file.write(chunk)


def _put(draft: Path, thumbnail: bytes | None) -> str:
    """Put the draft where it stays."""
    name = draft.parent.name + draft.name[1:]
    here().put(name, draft, thumbnail)
    return name


def _remove_drafts(folder: Path, edge: float) -> None:
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):  # another process sweeps too
            if _DRAFT.fullmatch(path.name) and path.stat().st_mtime <= edge:
                path.unlink()
