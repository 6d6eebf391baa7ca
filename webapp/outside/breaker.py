"""A machine elsewhere that does not answer is left alone for a while, so that not everything waits for it in turn."""

import time
from threading import Lock

FAILURES = 3
PAUSE = 60.0  # seconds


class Breaker:
    """Counts what fails in succession, by host. Threads may share it."""

    def __init__(self, failures: int = FAILURES, pause: float = PAUSE) -> None:
        self._failures, self._pause = failures, pause
        self._count: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self._lock = Lock()

    def lets(self, host: str) -> bool:
        """Whether it may be tried. After the pause one is let through, and the others wait for what it says."""
        with self._lock:
            if self._count.get(host, 0) < self._failures:
                return True
            if time.monotonic() < self._until[host]:
                return False
            self._until[host] = time.monotonic() + self._pause
            return True

    def answered(self, host: str) -> None:
        """It answered, whatever it said."""
        with self._lock:
            self._count.pop(host, None)

    def failed(self, host: str) -> None:
        """It did not answer, or not as it should."""
        with self._lock:
            self._count[host] = self._count.get(host, 0) + 1
            self._until[host] = time.monotonic() + self._pause
