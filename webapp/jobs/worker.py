"""The worker: a process that does jobs, as soon as they are due, until it is told to leave."""

import logging
import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING

from webapp.jobs import queue
from webapp.jobs.beside import BESIDE
from webapp.jobs.doing import LEASE, Lane, carry_out
from webapp.jobs.listening import ERRORS, Listener
from webapp.jobs.rows import Taken
from webapp.jobs.tasks import LIMIT

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("cairn")

# Seconds between two looks at the queue: where it is heard that there is something to do, and where it is not.
LOOK, DEAF_LOOK = 15.0, 1.0
# As long as jobs come, nobody tells of them: it looks by itself, so often, until none was due for a while.
SOON, AWAKE = 0.025, 0.25
# Between two looks at who lives and what comes round.
TIDY = 15.0
# Between two questions whether to go on.
BREATH = 1.0
HANGS = 70


def drain(app: "Flask", *, ahead: float = 0, strict: bool = True) -> list[str]:
    """Do all that is due, or will be in `ahead` seconds, and what follows from it; answers the tasks in order.

    Each job as a worker would, but here and one after the other. `strict` raises the first error, once its job was
    put back. For tests, and for `flask worker --once`.
    """
    me, told = _name(), list[str]()
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


def _name() -> str:
    """A new worker's own, which also tells a person where it runs."""
    return f"{socket.gethostname()}:{os.getpid()}:{token_hex(4)}"


class Worker:
    """Looks after a thread for each lane: wakes it when something is due, says that it lives, and sees it off."""

    def __init__(self, app: "Flask", *, lease: float = LEASE, limit: float = LIMIT) -> None:
        self.app, self.lease, self.limit, self.me = app, lease, limit, _name()
        self.listener = Listener()
        self.lanes = {lane: Lane(app, lane, self.me, lease, self.nudge) for lane in queue.lanes()}
        self.nudged, self._nudge = os.pipe()
        os.set_blocking(self._nudge, False)
        self.tidied = self.awake_until = float("-inf")
        self.is_over = threading.Event()
        self.is_well, self.leaves = True, False

    def nudge(self) -> None:
        """Look at the queue anew, now."""
        with suppress(BlockingIOError):  # then it is about to look
            os.write(self._nudge, b".")

    def leave(self, *_: object) -> None:
        """End after the jobs that are begun.

        A signal may call it, in the middle of whatever this thread does: so it takes no lock, as `Event.set` would.
        """
        self.leaves = True
        self.nudge()

    def run(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Do jobs until it is told to leave, or `goes_on` says no. That is asked every second."""
        threading.Thread(target=self._live, name="jobs-alive", daemon=True).start()
        for lane in self.lanes.values():
            lane.start()
        ends = [begin(self.app) for begin in BESIDE]
        while goes_on() and not self.leaves:
            self._wait(self._look(), goes_on)
        for end in ends:
            end()
        for lane in self.lanes.values():
            lane.leave()
        while any(lane.is_alive() for lane in self.lanes.values()):
            goes_on()  # whoever watches this process hears that it lives
            time.sleep(0.05)
        self.is_over.set()
        self.listener.close()

    def _look(self) -> float:
        """Wake the lanes in which something is due; answers after how many seconds to look again."""
        try:
            with self.app.app_context():
                self.listener.open()
                self._tidy()
                sleeps = time.monotonic() >= self.awake_until and self.listener.sleep()
                due = queue.seconds_to_next()  # after that, so that what nobody tells of is seen
                now = [lane for lane, seconds in due.items() if seconds <= 0]
                sleeps = sleeps and not self._rouse(now)
        except ERRORS as error:
            if self.is_well:
                log.warning("jobs_wait: the database does not answer", exc_info=error)
            self.is_well = False
            return DEAF_LOOK
        self.is_well = True
        self._wake(now)
        return min([self._pause(sleeps=sleeps), *(seconds for seconds in due.values() if seconds > 0)])

    def _rouse(self, lanes: Iterable[str]) -> bool:
        """Look often from now on, and need not be told, if there is something to do for one that is free."""
        if all(self.lanes[lane].is_long_busy for lane in lanes):
            return False
        self.awake_until = time.monotonic() + AWAKE
        self.listener.wake()
        return True

    def _pause(self, *, sleeps: bool) -> float:
        if not sleeps:
            return SOON
        return DEAF_LOOK if self.listener.is_deaf else LOOK

    def _tidy(self) -> None:
        if time.monotonic() - self.tidied < min(TIDY, self.lease / 2):
            return
        for told in queue.tidy():
            log.warning("job_left: %s", told)
        self.tidied = time.monotonic()

    def _wake(self, lanes: Iterable[str]) -> None:
        for lane in lanes:
            if lane in self.lanes:
                self.lanes[lane].wake()

    def _wait(self, seconds: float, goes_on: Callable[[], bool]) -> None:
        """Wait until something is told, or it is time to look."""
        end = time.monotonic() + seconds
        while not self.leaves and goes_on() and (rest := end - time.monotonic()) > 0:
            ears = [one for one in (self.nudged, self.listener.fileno()) if one is not None]
            ready = select.select(ears, [], [], min(rest, BREATH))[0]
            if self.nudged in ready:
                os.read(self.nudged, 4096)
                return
            words = self.listener.heard()
            self._wake(words)
            if words or (ready and self.listener.connection is None):
                self.awake_until = time.monotonic() + AWAKE
                return

    def _live(self) -> None:
        """Renew the lease of what is being done. A job that hangs ends this process, that others may go on."""
        while not self.is_over.wait(self.lease / 3):
            if hanging := [lane.task for lane in self.lanes.values() if lane.hangs(self.limit)]:
                log.critical("job_hangs: %s takes longer than it may, and its worker ends with it", hanging[0])
                os._exit(HANGS)
            if taken := [job.id for lane in self.lanes.values() for job in lane.taken]:
                self._renew(taken)

    def _renew(self, ids: Sequence[int]) -> None:
        """Of these alone: what it was given unheard, or has done and nobody knows of, is for others to begin anew."""
        try:
            with self.app.app_context():
                queue.renew(ids, self.me, self.lease)
        except ERRORS as error:
            log.warning("jobs_wait: the lease could not be renewed", exc_info=error)
