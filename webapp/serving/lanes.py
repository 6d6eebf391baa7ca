"""Requests of a kind wait for a thread in a lane, which knows when it stands still."""

import threading
import time
from collections import deque
from typing import Any

from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn

from .answering import Reader
from .caller import Caller

# Not everywhere: then each request counts as one that does not compute.
pthread_getcpuclockid = getattr(time, "pthread_getcpuclockid", None)
# Seconds.
TOO_LATE = 5.0
QUICK = 0.7


class Connection(TConn):  # type: ignore[misc]
    """A connection with the lane that its request is in."""

    def __init__(self, settings: Any, caller: Caller, address: Any, server: Any, lane: "Lane") -> None:
        super().__init__(settings, caller, address, server)
        self.lane, self.since, self.awaited = lane, 0.0, 0
        self.data_ready = True
        self._clock, self._computed, self._began = 0, 0.0, 0.0

    def init(self) -> None:
        """Called by whichever thread handles its first request."""
        super().init()
        if type(self.parser) is RequestParser:
            reader = Reader(self.cfg, self.sock, self.client)
            reader.unreader = self.parser.unreader
            self.parser: Any = reader

    def begin(self) -> None:
        """Called by the thread that handles the request, before it does."""
        self._clock = pthread_getcpuclockid(threading.get_ident()) if pthread_getcpuclockid else 0
        self._computed, self._began = 0.0, time.monotonic()

    @property
    def was_quick(self) -> bool:
        """Whether it took less than what waits for a lock that nobody lets go of."""
        return time.monotonic() - self._began < QUICK

    def has_computed(self) -> bool:
        """Whether its thread has had work for the processor since the last time that this was asked."""
        if not self._clock:
            return False
        before, self._computed = self._computed, time.clock_gettime(self._clock)
        return 0.0 < before < self._computed


class Lane:
    """Requests of a kind: those that run, and those that wait for a thread."""

    def __init__(self, patience: int = 1) -> None:
        self.patience = patience
        self.waiting: deque[Connection] = deque()
        self.running: set[Connection] = set()
        # Ticks without work, while others waited, since one ended quickly.
        self.still = 0
        # Until when its requests are given to threads, as one has just taken long.
        self.threaded_until = 0.0

    @property
    def is_stuck(self) -> bool:
        return self.still >= self.patience

    @property
    def busy(self) -> int:
        """How many do not just wait for what their client sends, or for it to read."""
        return sum(not conn.sock.waits for conn in self.running)

    def tick(self) -> None:
        """A tenth of a second has passed."""
        works = [conn.has_computed() for conn in self.running if not conn.sock.waits]
        if not self.waiting:
            self.still = 0
        elif not any(works):
            self.still += 1

    def leave(self, conn: Connection) -> None:
        """A request has ended. One that waited for long before that does not show that the others will not."""
        self.running.discard(conn)
        if conn.was_quick:
            self.still = 0

    def refused(self, now: float) -> list[Connection]:
        """Those that shall wait no longer, taken out: all of a lane that is stuck, else who came too long ago."""
        gone = []
        while self.waiting and (self.is_stuck or now - self.waiting[0].since > TOO_LATE):
            gone.append(self.waiting.popleft())
        return gone
