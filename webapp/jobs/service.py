from collections.abc import Mapping
from datetime import datetime
from typing import Any

from webapp.db import transaction
from webapp.jobs import repository
from webapp.jobs.rows import JobRow
from webapp.jobs.tasks import TASKS

SHOWN = 100
# Days after which nobody will want to try again.
KEPT = 90


def enqueue(task: str, args: Mapping[str, Any], *, key: str | None = None, run_at: datetime | None = None) -> None:
    """Have a worker do this, once the open transaction is committed, or at some time after that.

    `args` are what JSON can hold: ids, so that what they mean is looked up when it is done. While one with the same
    `key` waits, no other is written, but that one comes no later. Once that has begun, it may not see what is written
    here, so another one is. Whoever enqueues under a key waits for those who have just done so, until they commit.
    Raises KeyError for a task that nobody has registered, RuntimeError where no transaction is open.
    """
    repository.add(TASKS[task], args, key, run_at)


def listed(state: str | None = None) -> list[JobRow]:
    """The newest jobs that are not done, of one state if it is named."""
    return repository.listed(state, SHOWN)


@transaction
def clear() -> None:
    """Delete the dead of long ago."""
    repository.clear(KEPT)
