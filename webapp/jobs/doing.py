"""Doing jobs: one, and one lane of them in a thread."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from webapp import counting, tracing
from webapp.jobs import queue
from webapp.jobs.rows import Taken
from webapp.jobs.tasks import TASKS

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("cairn")

# Seconds. Who is silent for so long is dead, and its jobs are begun anew.
LEASE = 30.0
# How many jobs to take at once: as many as the last ones show that a moment is enough for, in seconds.
FIRST, MOST, MOMENT = 5, 100, 0.5
# A job that takes longer is long, in seconds.
LONG = 1.0


def carry_out(app: "Flask", me: str, job: Taken) -> BaseException | None:
    """Do a job, and tell the queue what became of it; answers why it failed."""
    began = time.perf_counter()
    with tracing.span(f"job {job.task}", "CONSUMER", cairn_job=job.id, cairn_tries=job.tries) as span:
        outcome, error = _tried(app, me, job)
        if span is not None:
            span.set_attribute("cairn.outcome", outcome)
    if counting.counts is not None:
        counting.counts.done(job.task, outcome, time.perf_counter() - began)
    return error


def _tried(app: "Flask", me: str, job: Taken) -> tuple[str, BaseException | None]:
    """What became of it, and why it failed."""
    try:
        with app.app_context():
            TASKS[job.task].function(**job.args)
    except (Exception, SystemExit) as error:
        with app.app_context():
            state = queue.failed(job.id, me, traceback.format_exc())
        _tell(job, error, state)
        return state or "lost", error
    with app.app_context():
        if queue.done(job.id, me):
            return "done", None
    _tell(job, None, None)
    return "lost", None


def _tell(job: Taken, error: BaseException | None, state: str | None) -> None:
    """A line of the log: it will be tried again, it is given up, or it was somebody else's by now."""
    what = {"ready": "job_failed", "dead": "job_dead", None: "job_lost"}[state]
    fields = {"job": job.id, "task": job.task, "tries": job.tries, "error": type(error).__name__ if error else None}
    log.warning("%s %s %s", what, job.task, job.id, exc_info=error, extra={"fields": fields})


class Lane(threading.Thread):
    """Does the jobs of a lane, one after the other, whenever it is woken."""

    def __init__(self, app: "Flask", name: str, me: str, lease: float, put_back: Callable[[], None]) -> None:
        super().__init__(name=f"jobs-{name}", daemon=True)
        self.app, self.lane, self.me, self.lease, self.put_back = app, name, me, lease, put_back
        self.woken, self.leaves = threading.Event(), threading.Event()
        self.most = FIRST
        # Since when it does the job that it does, and what that is; `taken` tells what there is to renew.
        self.began: float | None = None
        self.task = ""
        self.taken: Sequence[Taken] = ()

    @property
    def is_long_busy(self) -> bool:
        """Whether what is due has to wait for a job that takes its time."""
        began = self.began
        return began is not None and time.monotonic() - began > LONG

    def hangs(self, limit: float) -> bool:
        """Whether its job takes longer than it may, which is so many seconds unless its task says another number."""
        began, known = self.began, TASKS.get(self.task)  # it may end meanwhile
        longest = limit if known is None or known.limit is None else known.limit
        return began is not None and time.monotonic() - began > longest

    def wake(self) -> None:
        self.woken.set()

    def leave(self) -> None:
        """End after the job that it does."""
        self.leaves.set()
        self.woken.set()

    def run(self) -> None:
        while not self.leaves.is_set():
            self.woken.wait()
            self.woken.clear()
            try:
                while not self.leaves.is_set() and self._turn():
                    pass
            except Exception:
                # Whoever looks after the lanes asks the same database, and wakes this one when it answers.
                log.warning("jobs_wait %s", self.lane, exc_info=True)
            finally:
                self.taken, self.began = (), None

    def _turn(self) -> bool:
        """Take what is due, and do it; whether there was anything."""
        with self.app.app_context():
            self.taken = jobs = queue.take(self.lane, self.me, self.most, lease=self.lease)
        began = time.monotonic()
        for place, job in enumerate(jobs):
            if self.leaves.is_set() or time.monotonic() - began > MOMENT * 2:
                self._give_back(jobs[place:])
                break
            self.task, self.began = job.task, time.monotonic()
            if carry_out(self.app, self.me, job) is not None:
                self.put_back()
        self.began = None
        self._learn(len(jobs), time.monotonic() - began)
        return bool(jobs)

    def _give_back(self, jobs: Sequence[Taken]) -> None:
        """Let others have what would have to wait here."""
        with self.app.app_context():
            queue.give_back([job.id for job in jobs], self.me)

    def _learn(self, number: int, took: float) -> None:
        if took > MOMENT:
            self.most = max(1, self.most // 2)
        elif number == self.most and took < MOMENT / 3:
            self.most = min(MOST, self.most * 2)
