"""The worker: its loop collects requests, sorts them into lanes, and gives them threads."""

import mmap
import re
import selectors
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, PollableMethodQueue

from .answering import Answering
from .caller import PATIENCE, PIECE, Caller
from .lanes import Connection, Lane
from .threads import Threads

LIGHT_THREADS = 8
TICK = 0.1
SIGN_OF_LIFE = 0.5
# Seconds in which a client may hang up after its answer.
LINGER = 2.0
# After so many ticks in which none of its requests ended quickly or computed a lane is stuck. Changes wait for
# locks; who reads waits for the server alone, and one that is only busy shall not be taken for one that stands still.
READS_STUCK, WRITES_STUCK = 15, 7
# From then on further connections are opened, which are closed again after each use.
SLOW = 2
_LIGHT = re.compile(rb"/static/|/(?:healthz|favicon\.ico|robots\.txt)[ ?]")
_FORM = re.compile(rb"\r\ncontent-type:[ \t]*(?:application/x-www-form-urlencoded|multipart/)", re.IGNORECASE)


class Told(PollableMethodQueue):  # type: ignore[misc]
    """What threads tell the loop.

    It stays open until the process ends: a thread that still answers when the loop has ended would write into
    whatever other file has its number by then.
    """

    def close(self) -> None:
        pass


class Worker(Answering):
    """gunicorn's worker with threads, whose loop collects requests and hands them out by lanes.

    All about lanes happens in the loop's thread, so nothing of it is locked.
    """

    # Connections to the database that are kept, and that there may be at most.
    kept, most = 5, 15
    # A byte that the arbiter shares with all of them: whether it will stop in a while, and they serve until then.
    going = mmap.mmap(-1, 1)
    # Is told the name of a lane, how many wait in it and how many run, if somebody watches.
    watch: Callable[[str, int, int], None] | None = None

    def init_process(self) -> None:
        self.method_queue = Told()
        self.light, self.reads, self.writes = Lane(), Lane(READS_STUCK), Lane(WRITES_STUCK)
        self.leaving: deque[Connection] = deque()
        self.ticked, self.shown, self.is_shut = time.monotonic(), 0.0, False
        super().init_process()

    def get_thread_pool(self) -> Threads:
        return Threads(self.most + LIGHT_THREADS)

    def is_parent_alive(self) -> bool:
        """Whether it goes on: one whose arbiter is gone ends as if it had been told to."""
        if not super().is_parent_alive():
            self.alive = False
        return bool(self.alive)

    def notify(self) -> None:
        """Show the arbiter, which waits for half a minute, that the loop goes round."""
        if (now := time.monotonic()) - self.shown >= SIGN_OF_LIFE:
            self.shown = now
            super().notify()

    def accept(self, listener: Any) -> bool:
        """Take one connection, if there is one."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return False
        self.nr_conns += 1
        caller = Caller(client.family, client.type, client.proto, fileno=client.detach())
        self.attend(Connection(self.cfg, caller, address, listener.getsockname(), self.reads))
        return True

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not self.alive and not enabled:
            self._shut_the_door()

    def _shut_the_door(self) -> None:
        """Take all who stand in line, and close the port at once. The system lets them in before anybody has taken
        them: whoever still stood there when the last process leaves would be cut off, after it has sent its request.
        Who comes later is refused, or taken by others who have the port, and may try elsewhere."""
        if self.is_shut:
            return
        self.is_shut = True
        for listener in self.sockets:
            while self.nr_conns < self.worker_connections and self.accept(listener):
                pass
            listener.close()

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.attend(conn)

    def attend(self, conn: Connection) -> None:
        """Collect this connection's next request, now or as it comes; `murder_pending` ends those that take long."""
        whole = conn.sock.collect()
        if whole is False:
            self._await_more(conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))
        else:
            self._collected(conn, whole)

    def on_pending_socket_readable(self, conn: Connection, client: Any) -> None:
        whole = conn.sock.collect()
        if whole is not False:
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            self._collected(conn, whole)
        elif len(conn.sock.early) >= conn.awaited:
            self.pending_conns.remove(conn)
            self._await_more(conn)

    def _await_more(self, conn: Connection) -> None:
        """Be patient once more; the first to be given up stays the first."""
        conn.timeout, conn.awaited = time.monotonic() + PATIENCE, len(conn.sock.early) + PIECE
        self.pending_conns.append(conn)

    def _collected(self, conn: Connection, whole: bool | None) -> None:
        if whole:
            self.enqueue_req(conn)
        else:
            self._drop(conn)

    def enqueue_req(self, conn: Connection) -> None:
        method, _, rest = conn.sock.early[:64].partition(b" ")
        if _LIGHT.match(rest):
            conn.lane = self.light
        else:
            conn.lane = self.reads if method in (b"GET", b"HEAD", b"OPTIONS", b"") else self.writes
        conn.since, conn.sock.refusal = time.monotonic(), ""
        conn.lane.waiting.append(conn)
        self._hand_out()

    def _hand_out(self) -> None:
        for lane in (self.light, self.writes, self.reads):
            while lane.waiting and self._has_room(lane):
                conn = lane.waiting.popleft()
                lane.running.add(conn)
                self.begin(conn)
        if (self.reads.waiting and self.reads.is_stuck) or (self.writes.waiting and self.writes.is_stuck):
            self._refuse()

    def _has_room(self, lane: Lane) -> bool:
        """A lane that is slow may open further connections. Who waits for a client leaves room for one who does not.

        Only some may: when their clients go on, each of them may want a connection again.
        """
        if lane is self.light:
            return len(lane.running) < LIGHT_THREADS
        slow = max(self.reads.still, self.writes.still) - SLOW
        slots = min(self.kept + 2 * max(slow, 0), self.most)
        return self._fits(lane, slots, self.reads.busy, self.writes.busy) and self._fits(
            lane, self.most, len(self.reads.running), len(self.writes.running)
        )

    def _fits(self, lane: Lane, slots: int, reads: int, writes: int) -> bool:
        """Three of five are for changes, one is always theirs."""
        if reads + writes >= slots:
            return False
        if lane is self.writes:
            return writes < max(slots * 3 // 5, 1)
        return reads < max(slots - bool(self.writes.waiting and not writes), 1)

    def handle(self, conn: Connection) -> Any:
        conn.begin()
        conn.sock.is_leaving = not self.alive or bool(self.going[0])
        return super().handle(conn)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """Whether this connection goes on. A body that nobody read, and that cannot be read, ends it: its request has
        been answered, and gunicorn's word about it would pass for the answer to whatever a proxy sends next."""
        try:
            return bool(super()._keepalive_after(conn, keepalive))
        except ParseException:
            return False

    def begin(self, conn: Connection) -> None:
        """Have a request answered, by a thread."""
        self.tpool.submit(self._serve, conn)

    def _serve(self, conn: Connection) -> None:
        goes_on = self.answered(conn)
        self.method_queue.defer(self.ended, conn, goes_on)

    def answered(self, conn: Connection) -> bool:
        """Answer a request; whether its connection goes on."""
        with suppress(BaseException):  # which is told already, or gunicorn's way to end a connection
            return bool(self.handle(conn))
        return False

    def ended(self, conn: Connection, goes_on: bool) -> None:
        """In the loop: a request has been answered."""
        conn.lane.leave(conn)
        if not goes_on:
            self._see_off(conn)
        else:
            conn.sock.early = conn.parser.unreader.take_buffered() + conn.sock.early
            conn.sock.setblocking(False)
            if conn.sock.early:
                self.attend(conn)  # the next one came along
            else:
                self._keep(conn)
        self._hand_out()

    def _keep(self, conn: Connection) -> None:
        """Wait for what the client asks next; not for long if this worker has been asked to stop."""
        conn.timeout = time.monotonic() + (self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER)
        self.keepalived_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn))

    def _see_off(self, conn: Connection) -> None:
        """Close what was answered once the client has, or after a while: at once it might lose the answer's end.

        Until then it counts as open. Uncounted, those that stay would be more files than a process may have.
        """
        if not conn.sock.hang_up():
            self._drop(conn)
            return
        conn.timeout = time.monotonic() + LINGER
        self.leaving.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_leaving_readable, conn))

    def _on_leaving_readable(self, conn: Connection, client: Any) -> None:
        if not conn.sock.ignore():
            self.poller.unregister(client)
            self.leaving.remove(conn)
            self._drop(conn)

    def murder_pending(self) -> None:
        super().murder_pending()
        while self.leaving and self.leaving[0].timeout <= time.monotonic():
            conn = self.leaving.popleft()
            self.poller.unregister(conn.sock)
            self._drop(conn)

    def _make_room(self) -> None:
        """Part with whoever has been idle or silent for longest, that those who have something to say can come in."""
        for idle in (self.leaving, self.keepalived_conns, self.pending_conns):
            while idle and self.nr_conns >= self.worker_connections:
                conn = idle.popleft()
                self.poller.unregister(conn.sock)
                self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        waits = self.reads.waiting or self.writes.waiting
        super().wait_for_and_dispatch_events(min(timeout, TICK) if waits else timeout)
        self._make_room()
        if time.monotonic() - self.ticked >= TICK:
            self._tick()

    def _tick(self) -> None:
        self.ticked = time.monotonic()
        for lane in (self.reads, self.writes):
            lane.tick()
        self._refuse()
        self._hand_out()
        if self.watch:
            for name in ("light", "reads", "writes"):
                lane = getattr(self, name)
                self.watch(name, len(lane.waiting), len(lane.running))

    def _refuse(self) -> None:
        """Give those that have no hope to the threads that need no database; a form may have one more look at it."""
        now = time.monotonic()
        for conn in self.writes.refused(now) + self.reads.refused(now):
            again = conn.lane is self.writes and not self.reads.is_stuck and _FORM.search(conn.sock.early)
            conn.lane, conn.sock.refusal = (self.reads, "form") if again else (self.light, "still")
            conn.since = now
            conn.lane.waiting.append(conn)
        self._hand_out()

    def _cap_keepalive(self, deadline: float) -> None:
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
