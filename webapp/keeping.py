"""What a process keeps of what it has made, under what that was made of.

What the database says is never taken to be true for a while. It has to come in `made_of`, as counters that each
request reads anew and that move with every change; what is kept under others is not used. So each process is right
at once, whoever made the change and wherever. Time alone moves no counter: whatever tells of it says until when that
is so, by `turns`.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import unified_diff
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import Flask

from webapp import clock, eyes
from webapp.contexts import application
from webapp.db import is_changing
from webapp.i18n import language
from webapp.i18n.formats import ages

T = TypeVar("T")

# Bytes in each process. Some 250 pages of 57 KB: what a team looks at within minutes, and a quarter of what a
# worker weighs.
MOST = 14 * 1024 * 1024
# One answer may be this part of that: who looks at one huge board must not take everybody's lists away.
SHARE = 8
# What an entry costs beside its value: keys and the dictionary's own, measured with some hundred of them.
BESIDE = 1_500
# Whether whatever is kept is made again each time that it is used, and compared: so runs the test suite.
PARANOID = os.environ.get("CAIRN_PARANOID") == "1"
NEVER, LONG_AGO = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)


class OutOfDate(RuntimeError):
    """What is kept differs from what would be made now: something changed, and no counter moved."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """What is kept of one sort: its size in bytes, and what of it must be the same if it is made again, as lines."""

    name: str
    size: Callable[[T], int]
    comparable: Callable[[T], str]


@dataclass(slots=True)
class Making:
    """What is being made, and until when it is so."""

    until: datetime = NEVER


_making: ContextVar[Making | None] = ContextVar("making", default=None)


def true_until(at: datetime) -> None:
    """What is being made says something that is no longer so at this time."""
    making = _making.get()
    if making is not None:
        making.until = at if at < making.until else making.until  # asked for each age on a page, so without a call


def fleeting() -> None:
    """What is being made rests on something that no counter speaks of, and must not be kept."""
    true_until(LONG_AGO)


@contextmanager
def made_now() -> Iterator[Making]:
    """Note until when what is made within the block is so; what it is a part of is so no longer either."""
    making = Making()
    token = _making.set(making)
    try:
        yield making
    finally:
        _making.reset(token)
        true_until(making.until)


def without_ages(html: str) -> str:
    """A text without what time does to it in the minute that it may lag."""
    return ages(language()).sub("ago", html)


class Keeper:
    """What was used last, up to `most` bytes. Threads may share it."""

    def __init__(self, most: int = MOST) -> None:
        self.most, self.bytes = most, 0
        self._kept: OrderedDict[Hashable, tuple[Hashable, Any, datetime, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, made_of: Hashable) -> tuple[Any, datetime] | None:
        """What is kept in a place, if it was made of the same, and until when that is so."""
        there = self._kept.get(key)
        if there is None or there[0] != made_of:  # which may be much to compare: others need not wait for it
            return None
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
        return there[1], there[2]

    def put(self, key: Hashable, made_of: Hashable, value: Any, size: int, until: datetime = NEVER) -> None:
        """Keep it there, instead of what was made of something else; nothing that would take too much of the room."""
        size += BESIDE
        with self._lock:
            self._drop(key)
            if size > self.most // SHARE:
                return
            self._kept[key] = made_of, value, until, size
            self.bytes += size
            while self.bytes > self.most:
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Keep nothing of it all."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0

    def _drop(self, key: Hashable) -> None:
        there = self._kept.pop(key, None)
        if there is not None:
            self.bytes -= there[3]


def init_app(app: Flask) -> None:
    """Each application keeps its own: another one may have another database."""
    app.extensions["keeping"] = Keeper()


def forget() -> None:
    """Keep nothing of what was made until now: what no counter of it speaks of has become another."""
    keeper: Keeper = application().extensions["keeping"]
    keeper.clear()


def kept(kind: Kind[T], name: Hashable, made_of: Hashable, make: Callable[[], T]) -> T:
    """What is kept in a place if it was made of the same, else what `make` makes, which is kept there from now on.

    Each language has its own, as most has words in it, and so have those who are limited to the same projects: they
    see less than others do under the same counters.
    What `make` reads must be read after `made_of` was: then it is never older than that says. Within a transaction
    all is made anew and nothing is kept: it has changed what its counters do not tell yet, and may be undone.
    Raises OutOfDate if it is to compare, and finds a difference.
    """
    return make() if is_changing() else _kept(kind, name, _among(), made_of, make)


def each_kept(kind: Kind[T], wanted: Iterable[tuple[Hashable, Hashable, Callable[[], T]]]) -> list[T]:
    """The same of several, each with its place, what it is made of, and what makes it."""
    if is_changing():
        return [make() for _, _, make in wanted]
    among = _among()
    return [_kept(kind, name, among, made_of, make) for name, made_of, make in wanted]


def _among() -> tuple[Keeper, str, Hashable]:
    """Where what is kept lies, and among what: that of a language, and of those who are limited alike."""
    looking = eyes.looking()
    return application().extensions["keeping"], language(), looking and looking.within


def _kept(
    kind: Kind[T], name: Hashable, among: tuple[Keeper, str, Hashable], made_of: Hashable, make: Callable[[], T]
) -> T:
    keeper, spoken, within = among
    key = kind.name, name, spoken, within
    there = keeper.get(key, made_of)
    if there is not None and (there[1] is NEVER or clock.now() < there[1]):
        value: T = there[0]
        if there[1] is not NEVER:
            true_until(there[1])
        if PARANOID:
            _compare(kind, name, value, make())
        return value
    with made_now() as making:
        made = make()
    if making.until is NEVER or clock.now() < making.until:
        keeper.put(key, made_of, made, kind.size(made), making.until)
    return made


def _compare(kind: Kind[T], name: Hashable, there: T, fresh: T) -> None:
    before, now = kind.comparable(there), kind.comparable(fresh)
    if before != now:
        lines = unified_diff(before.splitlines(), now.splitlines(), "kept", "made now", lineterm="", n=1)
        raise OutOfDate(f"What is kept as {kind.name} in {name} is out of date:\n" + "\n".join(lines))
