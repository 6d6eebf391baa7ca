"""The queue as a worker sees it. Each of these is a transaction, and a short one."""

from collections.abc import Collection, Iterable

from webapp.db import transaction
from webapp.jobs import repository
from webapp.jobs.rows import Taken
from webapp.jobs.tasks import TASKS

# Of an error the end says most.
MOST_SAID = 4000


@transaction
def take(lane: str, worker: str, most: int, *, lease: float, ahead: float = 0) -> list[Taken]:
    """Begin what is due. What newer code knows is left to those who have it."""
    return repository.take(lane, list(TASKS), worker, most, lease, ahead)


@transaction
def done(id: int, worker: str) -> bool:
    """Strike it off; False if it was somebody else's by now."""
    return repository.done(id, worker)


@transaction
def failed(id: int, worker: str, error: str) -> str | None:
    """Put it back for later, or among the dead after its last try; answers which, or None if it was not ours."""
    return repository.failed(id, worker, error.replace("\0", "")[-MOST_SAID:])


@transaction
def give_back(ids: Collection[int], worker: str) -> None:
    """Put back what was taken and not begun: it was not tried."""
    repository.give_back(ids, worker)


@transaction
def renew(worker: str, lease: float) -> None:
    """Say that the worker still lives."""
    repository.renew(worker, lease)


@transaction
def tidy() -> list[str]:
    """Put back what dead workers held, and begin what comes round. Answers what was put back, in words."""
    if rounds := [one for one in TASKS.values() if one.every]:
        repository.begin_rounds(rounds)
    return [f"{row.task} {row.id} is {row.state} after try {row.tries}" for row in repository.reap()]


def seconds_to_next() -> dict[str, float]:
    """How long until something is due, for each lane in which something waits."""
    return repository.seconds_to_next(list(lanes()), list(TASKS))


def lanes() -> Iterable[str]:
    """Those of all tasks that are known."""
    return dict.fromkeys(one.lane for one in TASKS.values())
