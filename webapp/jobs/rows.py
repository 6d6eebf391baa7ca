from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that a worker has begun."""

    id: int
    task: str
    args: dict[str, Any]
    tries: int


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as it lies in the queue."""

    id: int
    task: str
    args: dict[str, Any]
    state: str
    tries: int
    attempts: int
    run_at: datetime
    tried_at: datetime | None
    error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due and was not begun, since when the first of it waits, and what was given up."""

    due: int
    waits_since: datetime | None
    dead: int
