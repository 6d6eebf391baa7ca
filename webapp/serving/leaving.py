"""How a server makes room for the next one: not before that one answers, and told to balancers before it goes.

Two arbiters, and an arbiter and its workers, know of each other only what they had when they were forked. What is
told later goes through a pipe from the next arbiter to the one before it, and through memory that a worker shares.
"""

import mmap
import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn import systemd

STOPPING = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
# Names to the next arbiter (USR2) the file by which it says that it has taken over.
RELIEF = "CAIRN_RELIEF_FD"


def begin(server: Any) -> None:
    """Have an arbiter hear of the one that takes over from it, look to the one before it, and be slow to leave."""
    server.relieved, server.relief = os.pipe()
    server.predecessor = int(os.environ.pop(RELIEF, -1))
    if server.predecessor >= 0:
        os.set_inheritable(server.predecessor, False)
    server.has_taken_over = False
    server.handle_term = partial(linger, server, server.handle_term)
    server.manage_workers = partial(manage, server, server.manage_workers)


def linger(server: Any, stop: Callable[[], None]) -> None:
    """Be told as not ready for a while before the stop (TERM), so that nobody is sent here when the port closes.

    Not if another server has taken over (USR2), or this one has yet to: the other answers at the same port. One that
    has yet to take over goes as well. A second signal ends the wait.
    """
    is_relieved = bool(server.reexec_pid and select.select([server.relieved], [], [], 0)[0])
    if server.reexec_pid and not is_relieved:
        with suppress(ProcessLookupError):
            os.kill(server.reexec_pid, signal.SIGTERM)
    end = time.monotonic() + (0 if is_relieved or _has_yet_to_take_over(server) else server.drain_seconds)
    server.worker_class.going[0] = time.monotonic() < end
    while (left := end - time.monotonic()) > 0:
        if set(server.wait_for_signals(min(left, 1.0))) & {*STOPPING}:
            break
        server.reap_workers()
        server.murder_workers()
        server.manage_workers()
    stop()


def manage(server: Any, look_after: Callable[[], None]) -> None:
    """See to it that there are as many workers as there should be. Once all answer that a new arbiter begins with,
    have the one before it stop, and tell systemd whom it looks after."""
    look_after()
    workers = list(server.WORKERS.values())
    if (
        _has_yet_to_take_over(server)
        and len(workers) >= server.num_workers
        and all(worker.answering[0] for worker in workers)
    ):
        server.has_taken_over = True
        systemd.sd_notify(f"MAINPID={server.pid}\nREADY=1", server.log)
        with suppress(OSError):  # a former version has nothing to be told by
            os.write(server.predecessor, b"1")
        with suppress(ProcessLookupError):
            os.kill(server.master_pid, signal.SIGTERM)


def _has_yet_to_take_over(server: Any) -> bool:
    return bool(server.master_pid) and server.master_pid == os.getppid() and not server.has_taken_over


def bequeath(server: Any) -> None:
    """Before the next arbiter is loaded (USR2): hand over by what it tells that it has taken over, and the port.

    A port that systemd held is handed over as any other, as gunicorn has closed the file by which it came.
    """
    os.set_inheritable(server.relief, True)
    server.cfg.env_orig[RELIEF] = str(server.relief)
    server.systemd = False


def prepare(worker: Any) -> None:
    """Before it is forked: it can say that it answers."""
    worker.answering = mmap.mmap(-1, 1)


def answer(worker: Any) -> None:
    worker.answering[0] = True
