"""A folder of this machine."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from webapp.stores.place import CHUNK, DAY, MARK, SHARDS, TRASH, Lying, key_of, small_of


class Folder:
    """Files in a folder; those that move within it are not copied."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __str__(self) -> str:
        return str(self.home)

    def put(self, name: str, file: Path, small: bytes | None) -> None:
        """Move a file of the same disk to its place."""
        if small is not None:
            self.small(name).write_bytes(small)
        _sync(file)
        file.rename(self.file(name))
        _sync(self.file(name).parent)

    def file(self, name: str) -> Path:
        """Where a file lies."""
        return self.home / key_of(name)

    def small(self, name: str) -> Path:
        """Where its small picture lies, if it has one."""
        return self.home / small_of(name)

    def remove(self, name: str) -> None:
        """Both at once."""
        for path in (self.small(name), self.file(name)):
            path.unlink(missing_ok=True)

    def rest(self, name: str, day: date) -> None:
        """By another name."""
        there = self.home / TRASH / day.isoformat() / name[:2]
        there.mkdir(parents=True, exist_ok=True)
        for path in (self.small(name), self.file(name)):
            with suppress(FileNotFoundError):  # another process sweeps too
                path.replace(there / path.name)

    def empty_trash(self, before: date) -> None:
        """Whole days go."""
        trash = self.home / TRASH
        for day in trash.iterdir() if trash.is_dir() else ():
            if DAY.fullmatch(day.name) and day.name < before.isoformat():
                shutil.rmtree(day, ignore_errors=True)

    def shards(self) -> list[str]:
        """By their names."""
        return [shard for shard in SHARDS if (self.home / shard).is_dir()]

    def lying(self, folder: str) -> Iterator[Lying]:
        """In no order; in the folders below, too."""
        for path in (self.home / folder).rglob("*"):
            with suppress(FileNotFoundError):  # another process sweeps
                if not path.is_dir():
                    found = path.stat()
                    yield Lying(str(path.relative_to(self.home)), found.st_size, found.st_mtime)

    def mark(self) -> str | None:
        """In a file of its own."""
        try:
            return (self.home / MARK).read_text().strip()
        except FileNotFoundError:
            return None

    def claim(self, database: str, *, anew: bool) -> None:
        """The mark is whole or not there, whenever the power fails."""
        self.home.mkdir(parents=True, exist_ok=True)
        mark, draft = self.home / MARK, self.home / f"{MARK}-{secrets.token_hex(8)}"
        try:
            _write(draft, iter([f"{database}\n".encode()]))
            if anew:
                draft.replace(mark)
            else:
                with suppress(FileExistsError):
                    mark.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)

    def read(self, key: str) -> Iterator[bytes]:
        """Bit by bit."""
        with (self.home / key).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def write(self, key: str, chunks: Iterator[bytes]) -> None:
        """Under another name, until it is safely on the disk."""
        path = self.home / key
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{secrets.token_hex(15)}")
        try:
            _write(draft, chunks)
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)


def _write(path: Path, chunks: Iterator[bytes]) -> None:
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    """Wait until the disk has a file, or the names in a folder."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
