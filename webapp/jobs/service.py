"""What is done after a change. Who looks after it, an administrator, sees what waits and what was given up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from webapp.access import Viewer, require_administrator
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.db import transaction
from webapp.errors import NotFound
from webapp.i18n import N_, _
from webapp.jobs import lists, repository, tasks
from webapp.jobs.rows import Backlog, JobRow
from webapp.jobs.schemas import JobQuery, State
from webapp.jobs.tasks import TASKS
from webapp.paging import COUNTED, Cut, bounded, cut, place

# Days after which nobody will want to try again.
KEPT = 90
SHOWN = 100
REFUSAL = N_("Only administrators look after jobs.")


def enqueue(task: str, args: Mapping[str, Any], *, key: str | None = None, run_at: datetime | None = None) -> None:
    """Have a worker do this, once the open transaction is committed, or at some time after that.

    `args` are what JSON can hold: ids, so that what they mean is looked up when it is done. While one with the same
    `key` waits, no other is written, but that one comes no later. Once that has begun, it may not see what is written
    here, so another one is. Whoever enqueues under a key waits for those who have just done so, until they commit.
    Raises KeyError for a task that nobody has registered, RuntimeError where no transaction is open.
    """
    repository.add(TASKS[task], args, key, run_at)


def enqueue_all(task: str, given: Iterable[tuple[Mapping[str, Any], str, datetime]]) -> None:
    """The same for many by one statement: the arguments, key and time of each. No key stands twice among them."""
    repository.add_all(TASKS[task], given)


def listing(query: JobQuery, by: Viewer) -> Cut[JobRow]:
    """The jobs that are not done, the newest first. Raises Forbidden for who is no administrator."""
    require_administrator(by, _(REFUSAL))
    at = place(query.cursor, int)
    rows = lists.listed(query.state, at, query.limit + 1)
    page = cut(rows, query.limit, at, lambda row: (row.id,))
    page.total = bounded(lists.count(query.state, COUNTED + 1))
    return page


def newest(state: State | None) -> Sequence[JobRow]:
    """The same for the command line, which needs no administrator."""
    return lists.listed(state, None, SHOWN)


def backlog() -> Backlog:
    """How much is due and was given up, and since when the first of it waits; what newer code knows is left out."""
    return lists.backlog(list(TASKS), COUNTED + 1)


def is_failing(task: str) -> bool:
    """Whether a job of this task did not succeed when it was tried last, and is tried again."""
    return lists.is_failing(task)


@transaction
def retry(job: int, by: Viewer) -> None:
    """Try again what was given up. Raises NotFound if there is no such job, Forbidden for who is no administrator."""
    require_administrator(by, _(REFUSAL))
    if not again([job]):
        raise NotFound(_("Nothing was given up under this number."))


@transaction
def retry_all(by: Viewer) -> int:
    """Try all again that was given up; answers how much that is. Raises Forbidden for who is no administrator."""
    require_administrator(by, _(REFUSAL))
    return again(None)


@transaction
def remove(job: int, by: Viewer) -> None:
    """Delete what was given up: it will never be done. Raises NotFound, Forbidden for who is no administrator."""
    require_administrator(by, _(REFUSAL))
    task = lists.remove(job)
    if task is None:
        raise NotFound(_("Nothing was given up under this number."))
    audit.note(Kind.JOB_REMOVED, actor=by, target=audit.Target("job", job, task))


@transaction
def again(jobs: list[int] | None) -> int:
    """Try again these of the dead, or all; answers how many. For the command line, which needs no administrator."""
    found = lists.retry(jobs)
    for job in found:
        tasks.revive(job.task, job.args)
    if found:
        audit.note(Kind.JOB_RETRIED, after={"jobs": len(found), "tasks": sorted({job.task for job in found})})
    return len(found)


@transaction
def clear() -> None:
    """Delete the dead of long ago."""
    lists.clear(KEPT)
