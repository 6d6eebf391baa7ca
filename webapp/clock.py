"""The time, by the database's clock: several servers agree on it, and one whose own clock is wrong does no harm.

Read with each new connection, and counted on from there without asking: by a counter that nobody sets, and that goes
on while the machine sleeps.
"""

import time
from datetime import UTC, datetime, timedelta

# On Linux the monotonic clock stands still during a sleep; on macOS it goes on.
_COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
# Seconds. The machine may have slept while it waited for an answer that took longer.
SURE = 1.0

_read: tuple[datetime, float] | None = None


def now() -> datetime:
    """This moment in UTC; by the clock of this machine only where no database was ever reached."""
    if _read is None:
        return datetime.now(UTC)
    at, before = _read
    return at + timedelta(seconds=counter() - before)


def counter() -> float:
    """Seconds since some moment."""
    return time.clock_gettime(_COUNTER)


def keep(at: datetime, asked: float, answered: float) -> None:
    """What the database's clock said between these two of the counter; if that took long, only for want of better."""
    global _read
    if _read is None or answered - asked < SURE:
        _read = at.astimezone(UTC), (asked + answered) / 2
