"""The time, by the database's clock: several servers agree on it, and one whose own clock is wrong does no harm.

Read with each new connection, and counted on from there without asking: by a counter that nobody sets.
"""

import time
from datetime import UTC, datetime, timedelta

_read: tuple[datetime, float] | None = None


def now() -> datetime:
    """This moment in UTC; by the clock of this machine only where no database was ever reached."""
    if _read is None:
        return datetime.now(UTC)
    at, counter = _read
    return at + timedelta(seconds=time.monotonic() - counter)


def keep(at: datetime, counter: float) -> None:
    """What the database's clock said when `time.monotonic` was at `counter`."""
    global _read
    _read = at.astimezone(UTC), counter
