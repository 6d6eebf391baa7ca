"""Starting the server again when it has died: killed, or out of memory.

A thread of a process that stays waits for `alive.lock`, which the kernel frees with the server's last process.
The start itself is another process's work: a worker that is forked meanwhile would inherit `start.lock`, and
wait for itself.
"""

import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

from . import locks
from .home import Home

# A server that has run for so long may be started at once when it dies.
STEADY = 5.0
LONGEST_PAUSE = 60.0
PACKAGE = Path(__file__).resolve().parent
# The folder above the package goes last: it has modules that are called like some of Python's own.
PROGRAM = (
    "import sys; from importlib import import_module; from pathlib import Path; sys.path.append(sys.argv[1]); "
    "print(import_module(sys.argv[2]).revive(Path(sys.argv[3]), durable=sys.argv[4] == 'durable'))"
)

log = logging.getLogger("cairn.embedded")


def keep(home: Home, *, durable: bool, over: threading.Event) -> None:
    """Start the server again whenever it is gone, until `over` is set; one line of the log for each time.

    The first time at once, then after a pause that doubles, for as long as it does not stay up.
    """
    pause = 0.0
    while True:
        since = time.monotonic()
        trouble = _wait_for_its_end(home)
        if time.monotonic() - since > STEADY:
            pause = 0.0
        if over.wait(pause):
            return
        trouble = trouble or _start_again(home, durable=durable)
        pause = min(pause * 2 or 1.0, LONGEST_PAUSE)
        if trouble:
            log.warning("%s Trying again in %.0f s.", trouble, pause)
        else:
            log.warning("The embedded PostgreSQL had died and was started again.")


def _wait_for_its_end(home: Home) -> str:
    """Wait until none of the server's processes is left; says what makes that impossible, or nothing."""
    try:
        locks.wait_until_free(home.lock("alive"))
    except OSError as error:
        return f"The embedded PostgreSQL cannot be watched ({error})."
    return ""


def _start_again(home: Home, *, durable: bool) -> str:
    """Have the server started by another process; what went wrong, or nothing."""
    arguments = (str(PACKAGE.parent), PACKAGE.name, str(home.path), "durable" if durable else "forgetful")
    child = subprocess.run(  # noqa: S603 (our own program)
        (sys.executable, "-P", "-c", PROGRAM, *arguments),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    return (child.stdout.strip() or child.stderr.strip()).rpartition("\n")[2]
