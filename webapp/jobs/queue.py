"""The queue as a worker sees it. Each of these is a transaction, and a short one."""

import logging
from collections.abc import Collection, Iterable, Sequence

from webapp.db import AnyRow, transaction
from webapp.jobs import repository, tasks
from webapp.jobs.rows import Taken
from webapp.jobs.tasks import TASKS

log = logging.getLogger("cairn")

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
    job = repository.failed(id, worker, error.replace("\0", "")[-MOST_SAID:])
    if job is None:
        return None
    if job.state == "dead":
        tasks.give_up(job.task, job.args)
    return str(job.state)


@transaction
def give_back(ids: Collection[int], worker: str) -> None:
    """Put back what was taken and not begun: it was not tried."""
    repository.give_back(ids, worker)


@transaction
def renew(ids: Collection[int], worker: str, lease: float) -> None:
    """Say that the worker still lives, and has these in hand; of what is done by now nothing is renewed."""
    repository.renew(ids, worker, lease)


def tidy() -> list[str]:
    """Put back what dead workers held, and begin what comes round. Answers what was put back, in words."""
    found = _tidy()
    for row in found:
        if row.state == "dead":
            _give_up(row)
    return [f"{row.task} {row.id} is {row.state} after try {row.tries}" for row in found]


@transaction
def _tidy() -> Sequence[AnyRow]:
    if rounds := [one for one in TASKS.values() if one.every]:
        repository.begin_rounds(rounds)
    return repository.reap()


def _give_up(row: AnyRow) -> None:
    """Apart from what else is put back, which shall not wait for one that cannot."""
    try:
        _note_end(row)
    except Exception:
        log.warning("job_not_given_up %s %s", row.task, row.id, exc_info=True)


@transaction
def _note_end(row: AnyRow) -> None:
    tasks.give_up(row.task, row.args)


def seconds_to_next() -> dict[str, float]:
    """How long until something is due, for each lane in which something waits."""
    return repository.seconds_to_next(list(lanes()), list(TASKS))


def lanes() -> Iterable[str]:
    """Those of all tasks that are known."""
    return dict.fromkeys(one.lane for one in TASKS.values())
