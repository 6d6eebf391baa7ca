from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What waits, and how the database is, at a moment. Times are seconds."""

    now: datetime
    mails_waiting: int
    hooks_failing: int
    hooks_off: int
    database_bytes: int
    connections: dict[str, int]
    connections_at_most: int
    replicas: dict[str, float | None]
    is_standby: bool
