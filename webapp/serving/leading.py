"""The loop answers what is short itself, and passes the loop on, not the request, if one takes long.

To hand a request to a thread, and its connection back to the loop, wakes a thread twice, which on a quiet machine
costs as much as half of a short answer. So whoever leads the loop answers in its own thread. The process' first
thread watches: once an answer takes longer than a moment, as a statement or a client is slow, another thread leads
on, and the one that answers is one among many from then on. For a while all else in its lane is given to threads
then, so that the others wait for a moment once, and not with each slow answer.

The first thread answers nothing: it alone hears signals, and only between two steps of Python.
"""

import os
import select
import threading
import time
from collections import deque
from contextlib import suppress

from .lanes import Connection
from .threads import Threads
from .worker import LIGHT_THREADS, Worker

# Seconds after which an answer is a long one. It is noticed after twice as many at most.
MOMENT = 0.004
# Seconds for which a lane's requests are given to threads after a long answer.
WHILE = 0.1
# After so many looks at which nothing was being answered the watch sleeps until something is.
QUIET = 10


class _Relieved(Exception):
    """This thread leads no more."""


class Leading(Worker):
    """The worker with threads, of which one leads the loop. All about lanes happens in that one."""

    def init_process(self) -> None:
        # What the leader is to answer itself, once it has seen to all that happened.
        self.own: deque[Connection] = deque()
        # Who leads, what it is answering, and since when, or 0. An answer that ends, and to be relieved, exclude each
        # other.
        self.leader, self.since, self.passing = 0, 0.0, threading.Lock()
        self.answering: Connection
        self.dozes = False
        self.is_over = False
        self.fault: BaseException | None = None
        super().init_process()

    def get_thread_pool(self) -> Threads:
        return Threads(self.most + LIGHT_THREADS + 1)

    def run(self) -> None:
        """In the first thread: have another one lead, and see to it that one does, to the end."""
        try:
            self.tpool.submit(self._lead)
            self._watch()
        finally:
            if not self.is_over:  # by a signal that ends at once
                self.is_over = True
                self.method_queue.defer(lambda: None)
            self.tpool.shutdown()  # else the process would wait for threads that wait for it
        if self.fault is not None:
            raise self.fault

    def _watch(self) -> None:
        quiet = 0
        while not self.is_over:
            since = self.since
            quiet = 0 if since else quiet + 1
            if quiet > QUIET:
                self._doze()
            time.sleep(MOMENT)
            if since and since == self.since:
                self._relieve(since)

    def _doze(self) -> None:
        """Wait for an answer that begins, or a signal: both come through gunicorn's own pipe.

        A lock would not do: gunicorn has the system go on with what SIGTERM interrupts, and that is heard between two
        steps of Python.
        """
        self.dozes = True
        if not self.since and not self.is_over:
            select.select([self.PIPE[0]], [], [])
        self.dozes = False
        with suppress(BlockingIOError):
            os.read(self.PIPE[0], 1024)

    def _wake(self) -> None:
        if self.dozes:
            with suppress(BlockingIOError):
                os.write(self.PIPE[1], b"\0")

    def _relieve(self, since: float) -> None:
        with self.passing:
            if since != self.since:
                return  # it has just ended
            self.leader, self.since = 0, 0.0
            self.answering.lane.threaded_until = time.monotonic() + WHILE
        self.poller.unregister(self.method_queue.fileno())  # as whoever begins to lead registers it
        self.tpool.submit(self._lead)

    def _lead(self) -> None:
        self.leader = threading.get_ident()
        try:
            super().run()
        except _Relieved:
            return
        except BaseException as fault:
            self.fault = fault
        self.is_over = True
        self._wake()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Whoever begins to lead enables it, but not if it was the end that began meanwhile."""
        if self.alive or not enabled:
            super().set_accept_enabled(enabled)

    def begin(self, conn: Connection) -> None:
        if self.alive and time.monotonic() >= conn.lane.threaded_until:
            self.own.append(conn)
        else:
            super().begin(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(0 if self.own else timeout)
        for _ in range(len(self.own)):
            self._answer_itself(self.own.popleft())
        if self.is_over:
            raise _Relieved

    def _answer_itself(self, conn: Connection) -> None:
        self.answering, self.since = conn, time.monotonic()
        self._wake()
        goes_on = self.answered(conn)
        with self.passing:
            leads = self.leader == threading.get_ident()
            if leads:
                self.since = 0.0
        if leads:
            self.ended(conn, goes_on)
        else:
            self.method_queue.defer(self.ended, conn, goes_on)
            raise _Relieved
