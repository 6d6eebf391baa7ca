"""Files from one place to another, while both are in use; each is compared before it counts."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from hashlib import sha256
from itertools import islice

from webapp.errors import Conflict
from webapp.stores.place import TRASH, Lying, Place, is_ours

# A store takes its time for each; more at once would only fill lines and memory.
AT_ONCE = 8
BATCH = 1000


class Outcome(StrEnum):
    """What became of one file."""

    COPIED = "copied"
    THERE = "there already"
    GONE = "deleted meanwhile"
    DIFFERENT = "not the same after it was copied"


@dataclass(frozen=True, slots=True)
class Done:
    """A file, and what became of it."""

    key: str
    size: int
    outcome: Outcome


def copied(source: Place, target: Place, database: str) -> Iterator[Done]:
    """Copy all files of a database and what is in their trash, and tell of each.

    What is there with the same SHA-256 is not copied again, so whatever broke off goes on. Raises Conflict for files
    of another database.
    """
    for place in (source, target):
        if place.mark() not in (None, database):
            raise Conflict(f"The files in {place} are another database's. Nothing was copied. See DATABASE_URL.")
    target.claim(database, anew=False)
    for folder in (*source.shards(), TRASH):
        there = {one.key: one.size for one in target.lying(folder)}
        ours = (one for one in source.lying(folder) if is_ours(one.key))
        while some := list(islice(ours, BATCH)):
            with ThreadPoolExecutor(AT_ONCE) as pool:
                yield from pool.map(partial(_copy, source, target, there), some)


def _copy(source: Place, target: Place, there: dict[str, int], one: Lying) -> Done:
    try:
        if there.get(one.key) == one.size and _sum(source, one.key) == _sum(target, one.key):
            return Done(one.key, one.size, Outcome.THERE)
        summed = Summed(source.read(one.key))
        target.write(one.key, summed)
    except FileNotFoundError:
        return Done(one.key, one.size, Outcome.GONE)
    same = summed.digest.digest() == _sum(target, one.key)
    return Done(one.key, one.size, Outcome.COPIED if same else Outcome.DIFFERENT)


class Summed(Iterator[bytes]):
    """Chunks as they come, and the SHA-256 of those that have come."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self.digest = chunks, sha256()

    def __next__(self) -> bytes:
        chunk = next(self._chunks)
        self.digest.update(chunk)
        return chunk


def _sum(place: Place, key: str) -> bytes:
    summed = Summed(place.read(key))
    for _ in summed:
        pass
    return summed.digest.digest()
