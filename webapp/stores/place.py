"""What both kinds of places can do. Files lie in them under names that nobody chose, `ab/cdef…`.

`.cairn` says whose they are, `trash/2026-11-28/ab/cdef…` is what was swept on that day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from webapp.stores.objects import Object

SHARDS = tuple(f"{number:02x}" for number in range(256))
CHUNK = 256 * 1024
MARK, TRASH, SMALL = ".cairn", "trash", ".thumb"
NAME = re.compile(r"[0-9a-f]{32}")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_KEY = re.compile(rf"(?:{TRASH}/\d{{4}}-\d\d-\d\d/)?[0-9a-f]{{2}}/[0-9a-f]{{30}}(?:\.thumb)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Lying:
    """A file in a place: its key there, how long it is, and since when it lies there."""

    key: str
    size: int
    since: float

    @property
    def name(self) -> str:
        """The name of the file that it is, or whose small picture."""
        return self.key.replace("/", "").removesuffix(SMALL)


class Place(Protocol):
    """Raises FileNotFoundError for what is not there, OSError or Unavailable where the place cannot be used."""

    def __str__(self) -> str:
        """Where it is, for whoever runs Cairn."""

    def put(self, name: str, file: Path, small: bytes | None) -> None:
        """Take a file from the disk, the small picture first: whole or not at all, whenever the power fails."""

    def file(self, name: str) -> "Path | Object":
        """What can be sent of a file. Nothing is asked of a store yet."""

    def small(self, name: str) -> "Path | Object":
        """The same of its small picture."""

    def remove(self, name: str) -> None:
        """Take a file and its small picture away; one that is gone already is no fault."""

    def rest(self, name: str, day: date) -> None:
        """Put both into the trash of a day; one that is gone already is no fault."""

    def empty_trash(self, before: date) -> None:
        """Delete what was put into the trash before a day."""

    def shards(self) -> list[str]:
        """The folders of files that are there, in order."""

    def lying(self, folder: str) -> Iterator[Lying]:
        """The files of a shard or of the trash, and whatever else somebody put there."""

    def mark(self) -> str | None:
        """The id of the database whose files these are; None if they bear none."""

    def claim(self, database: str, *, anew: bool) -> None:
        """Let them be of this database, unless somebody was faster; `anew` also if they were another one's."""

    def read(self, key: str) -> Iterator[bytes]:
        """What is in a file."""

    def write(self, key: str, chunks: Iterator[bytes]) -> None:
        """Put a file there: whole or not at all."""


def key_of(name: str) -> str:
    """Where a file lies in its place."""
    return f"{name[:2]}/{name[2:]}"


def small_of(name: str) -> str:
    """Where its small picture lies, if it has one."""
    return f"{key_of(name)}{SMALL}"


def is_ours(key: str) -> bool:
    """Whether a file bears a name that Cairn gives; all others are somebody else's."""
    return _KEY.fullmatch(key) is not None
