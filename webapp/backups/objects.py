"""The files of a bucket: held while they are copied, and brought to one that has none."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby
from secrets import token_hex
from uuid import UUID

from webapp.backups.container import Member
from webapp.backups.ending import finally_doing
from webapp.backups.files import LEFT
from webapp.stores.bucket import HELD, UPLOADED, Away, Bucket
from webapp.stores.place import MARK, key_of, small_of


@dataclass(slots=True)
class HeldObjects:
    """Files that stay though somebody deletes them, and those that were not there."""

    bucket: Bucket
    folder: str
    found: list[tuple[str, int]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[str, int, Iterator[bytes]]]:
        """Each file: the name that it has in an archive, how long it is, and what is in it."""
        for key, size in self.found:
            yield f"files/{key}", size, self._read(key, size)

    def __len__(self) -> int:
        return len(self.found)

    def _read(self, key: str, size: int) -> Iterator[bytes]:
        """In parts: between two of them it may be deleted, which puts it aside for us."""
        for start in range(0, size, UPLOADED):
            end = min(start + UPLOADED, size)
            try:
                yield self.bucket.range_of(key, start, end)
            except FileNotFoundError:
                yield self.bucket.range_of(f"{self.folder}/{key}", start, end)


@contextmanager
def holding(bucket: Bucket) -> Iterator[str]:
    """Have what is deleted from now on put aside, in the folder that is told, until the block ends.

    It must be asked for before the rows are looked at: of what is deleted afterwards the row was there.
    """
    _sweep(bucket)
    folder = f"{HELD}/{token_hex(8)}"
    bucket.write(f"{folder}/since", iter([b"backup"]))
    with finally_doing(partial(_let_go, bucket, folder)):
        yield folder


@contextmanager
def held(bucket: Bucket, folder: str, names: Iterable[tuple[str, bool]]) -> Iterator[HeldObjects]:
    """These files, and of those that have one the small picture, as the bucket lists them: shard by shard."""
    held = HeldObjects(bucket, folder)
    wanted = sorted(chain.from_iterable(_keys(*one) for one in names))
    for shard, keys in groupby(wanted, lambda key: key[:2]):
        sizes = {one.key: one.size for one in bucket.lying(shard)}
        for key in keys:
            if key in sizes:
                held.found.append((key, sizes[key]))
            else:
                held.lost.append(key.replace("/", ""))
    yield held


class BroughtObjects:
    """Files that are written to their places; the mark that they are a database's comes last."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket, self._former = bucket, bucket.mark()

    def add(self, shard: str, name: str, member: Member) -> None:
        """Write a file."""
        self._bucket.write(f"{shard}/{name}", member.chunks())

    def place(self, installation: UUID) -> None:
        """Mark the bucket as the database's."""
        self._bucket.claim(str(installation), anew=True)

    def take_back(self) -> None:
        """As if nothing had been brought."""
        for shard in self._bucket.shards():
            self._bucket.clear(shard)
        if self._former is not None:
            self._bucket.claim(self._former, anew=True)
        else:
            self._bucket.delete([MARK])

    def tidy(self) -> None:
        """Nothing is on the way."""


def is_empty(bucket: Bucket) -> bool:
    """Whether no file is in its place."""
    return not bucket.shards()


def _keys(name: str, small: bool) -> tuple[str, ...]:
    return (key_of(name), small_of(name)) if small else (key_of(name),)


def _let_go(bucket: Bucket, folder: str) -> None:
    """A store that is away by now does not undo a backup that is whole: the next one takes the rest away."""
    with suppress(Away):
        bucket.clear(folder)


def _sweep(bucket: Bucket) -> None:
    """What was left by a backup that was killed."""
    for name in bucket.folders(HELD):
        folder = f"{HELD}/{name}"
        if all(time.time() - one.since > LEFT for one in bucket.lying(folder)):
            bucket.clear(folder)
