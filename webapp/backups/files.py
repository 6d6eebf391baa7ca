"""The files of a folder: held while they are copied, and brought to one that has none."""

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import IO
from uuid import UUID

from webapp.backups.container import CHUNK, Member
from webapp.backups.ending import finally_doing
from webapp.stores.folder import Folder
from webapp.stores.place import MARK, SHARDS

# What was left by one that was killed goes after so many seconds.
LEFT = 24 * 3600
HELD, BROUGHT = ".held-", ".brought-"


@dataclass(slots=True)
class Held:
    """Files under second names, by which they stay though somebody deletes them; and those that were not there."""

    folder: Path
    lost: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """Each file: the name that it has in an archive, how long it is, and what is in it."""
        with os.scandir(self.folder) as found:
            for entry in found:
                yield f"files/{entry.name[:2]}/{entry.name[2:]}", entry.stat().st_size, _chunks(Path(entry.path))

    def __len__(self) -> int:
        with os.scandir(self.folder) as found:
            return sum(1 for _ in found)


@contextmanager
def held(place: Folder, names: Iterable[tuple[str, bool]]) -> Iterator[Held]:
    """Hold these files, and of those that have one the small picture."""
    _sweep(place.home)
    folder = place.home / f"{HELD}{token_hex(8)}"
    folder.mkdir(parents=True)
    with finally_doing(partial(shutil.rmtree, folder, ignore_errors=True)):
        found = Held(folder)
        for name, small in names:
            _hold(found, place.file(name), name)
            if small:
                _hold(found, place.small(name), f"{name}.thumb")
        yield found


class Brought:
    """Files that are written beside their places, and put there all at once."""

    def __init__(self, home: Path) -> None:
        self._home, self._folder = home, home / f"{BROUGHT}{token_hex(8)}"
        self._mark = home / MARK
        self._former = self._mark.read_bytes() if self._mark.exists() else None
        self._folder.mkdir(parents=True)
        self._placed: list[Path] = []

    def add(self, shard: str, name: str, member: Member) -> None:
        """Write a file, safely on the disk."""
        folder = self._folder / shard
        folder.mkdir(exist_ok=True)
        with (folder / name).open("xb") as file:
            for chunk in member.chunks():
                file.write(chunk)
            synced(file)

    def place(self, installation: UUID) -> None:
        """Put all in their places, and mark the folder as the database's."""
        for folder in sorted(self._folder.iterdir()):
            sync_folder(folder)
            folder.rename(self._home / folder.name)
            self._placed.append(self._home / folder.name)
        draft = self._folder / MARK
        with draft.open("x") as file:
            file.write(f"{installation}\n")
            synced(file)
        draft.replace(self._mark)
        sync_folder(self._home)

    def take_back(self) -> None:
        """As if nothing had been brought."""
        for folder in self._placed:
            shutil.rmtree(folder, ignore_errors=True)
        if self._former is not None:
            self._mark.write_bytes(self._former)
        else:
            self._mark.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove what was only on the way."""
        shutil.rmtree(self._folder, ignore_errors=True)


def is_empty(place: Folder) -> bool:
    """Whether no file is in its place."""
    _sweep(place.home)
    return not any(path.is_dir() and any(path.iterdir()) for path in map(place.home.joinpath, SHARDS))


def synced(file: IO[bytes] | IO[str]) -> None:
    """Wait until the disk has it."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """The same for the names in a folder."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _hold(found: Held, path: Path, name: str) -> None:
    try:
        (found.folder / name).hardlink_to(path)
    except FileNotFoundError:
        found.lost.append(name)


def _sweep(home: Path) -> None:
    for begins in (HELD, BROUGHT):
        for left in home.glob(f"{begins}*"):
            with suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > LEFT:
                    shutil.rmtree(left, ignore_errors=True)
