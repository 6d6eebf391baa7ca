"""What a process has found out lately, so that it need not ask again at once."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock


class RecentSet:
    """Things that were noted within the last `seconds`, the last `most` of them. Threads may share it."""

    def __init__(self, seconds: float, most: int) -> None:
        self._seconds, self._most = seconds, most
        self._noted: OrderedDict[Hashable, float] = OrderedDict()
        self._lock = Lock()

    def add(self, thing: Hashable) -> None:
        """Note it."""
        with self._lock:
            self._noted[thing] = time.monotonic()
            self._noted.move_to_end(thing)
            while len(self._noted) > self._most:
                self._noted.popitem(last=False)

    def has(self, thing: Hashable) -> bool:
        """Whether it was noted lately."""
        with self._lock:
            at = self._noted.get(thing)
            return at is not None and time.monotonic() - at < self._seconds
