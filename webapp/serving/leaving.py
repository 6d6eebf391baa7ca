"""How a server makes room for the next one: not before that one answers, and told to balancers before it goes.

Both happen between the arbiter and its workers, which know of each other only what they had when they were forked.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gunicorn import systemd

STOPPING = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def linger(server: Any, stop: Callable[[], None]) -> None:
    """Be told as not ready for a while before the stop (TERM), so that nobody is sent here when the port closes.

    Not if another server has taken over (USR2): it answers at the same port. A second signal ends the wait.
    """
    end = time.monotonic() + (0 if server.reexec_pid else server.drain_seconds)
    server.worker_class.going[0] = time.monotonic() < end
    while (left := end - time.monotonic()) > 0:
        if set(server.wait_for_signals(min(left, 1.0))) & {*STOPPING}:
            break
        server.reap_workers()
        server.murder_workers()
        server.manage_workers()
    stop()


def inherit(server: Any, worker: Any) -> None:
    """Let the last worker that a new arbiter begins with know the arbiter that it takes over from (USR2)."""
    is_last = worker.age == server.num_workers
    worker.predecessor = server.master_pid if is_last and server.master_pid == os.getppid() else 0


def take_over(worker: Any) -> None:
    """Now that a worker answers, have the arbiter before ours stop, and tell systemd whom it looks after."""
    if worker.predecessor:
        systemd.sd_notify(f"MAINPID={worker.ppid}\nREADY=1", worker.log)
        with suppress(ProcessLookupError):
            os.kill(worker.predecessor, signal.SIGTERM)
