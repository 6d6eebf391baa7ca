"""The worker: takes jobs that are due, does them, and tells the queue."""

import logging
import os
import socket
import traceback
from secrets import token_hex
from typing import TYPE_CHECKING

from webapp.jobs import queue
from webapp.jobs.rows import Taken
from webapp.jobs.tasks import TASKS

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("cairn")

# Seconds. Who is silent for so long is dead, and its jobs are begun anew.
LEASE = 30.0
AT_ONCE = 50


def drain(app: "Flask", *, ahead: float = 0, strict: bool = True) -> list[str]:
    """Do all that is due, or will be in `ahead` seconds, and what follows from it; answers the tasks in order.

    Each job as a worker would, but here and one after the other. `strict` raises the first error, once its job was
    put back. For tests, and for `flask worker --once`.
    """
    me, told = name(), []
    while jobs := _due(app, me, ahead):
        for job in jobs:
            error = carry_out(app, me, job)
            told.append(job.task)
            if error is not None and strict:
                raise error
    return told


def _due(app: "Flask", me: str, ahead: float) -> list[Taken]:
    with app.app_context():
        return [job for lane in queue.lanes() for job in queue.take(lane, me, 1, lease=LEASE, ahead=ahead)]


def name() -> str:
    """A new worker's own, which also tells a person where it runs."""
    return f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"


def carry_out(app: "Flask", me: str, job: Taken) -> Exception | None:
    """Do a job, and tell the queue what became of it; answers why it failed."""
    try:
        with app.app_context():
            TASKS[job.task].function(**job.args)
    except Exception as error:
        with app.app_context():
            state = queue.failed(job.id, me, traceback.format_exc())
        _tell(job, error, state)
        return error
    with app.app_context():
        if not queue.done(job.id, me):
            _tell(job, None, None)
    return None


def _tell(job: Taken, error: Exception | None, state: str | None) -> None:
    fields = {"job": job.id, "task": job.task, "tries": job.tries, "error": type(error).__name__ if error else None}
    what = {"ready": "job_failed", "dead": "job_dead", None: "job_lost"}[state]
    log.warning("%s %s %s", what, job.task, job.id, exc_info=error, extra={"fields": fields})
