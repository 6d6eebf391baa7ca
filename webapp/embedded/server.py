"""The server's life: made, configured, launched, waited for, stopped."""

import os
import re
import shutil
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import binaries, locks, programs
from .errors import EmbeddedError
from .home import PORT, Home

SUPERUSER = "postgres"
# Cairn's own role is no superuser: SQL that slips in cannot read files or run programs.
ROLE = "cairn"
# Recovery after a power cut replays up to max_wal_size, which may take minutes on a slow disk.
PATIENCE = 300.0
# Writing everything down takes seconds; what is not written by then is recovered at the next start.
TIDY = 60.0
KEEP_LOG_BELOW = 1_000_000

SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "'64MB'",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "log_checkpoints": "off",
    # A refused statement would be logged with its values: addresses, hashes, texts.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# synchronous_commit stays on: without fsync it costs nothing, and a killed server still forgets nothing.
FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'256MB'",
    "autovacuum": "off",
}


def initialise(home: Home, folder: Path, alive: int, *, durable: bool) -> None:
    """Make the cluster if there is none: aside, then renamed, so that it is whole or absent."""
    if not home.data.exists():
        create(home, folder, alive, durable=durable).rename(home.data)


def create(home: Home, folder: Path, alive: int, *, durable: bool) -> Path:
    """Make a cluster, as a draft.

    The builtin locale sorts alike on every machine, whatever its C library thinks.
    """
    draft = home.draft()
    home.give(draft)
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
    access = (f"--username={SUPERUSER}", "--auth-local=trust", "--auth-host=reject")
    safety = () if durable else ("--no-sync",)
    with binaries.safe_in_a_shell(folder) as safe:
        command = (safe / "initdb", "--pgdata", draft, *locale, *access, *safety)
        programs.run(command, home.account, cwd=home.path, keep=alive)
    return draft


def configure(home: Home, *, durable: bool) -> None:
    """Write our settings, which include those that initdb found for this machine."""
    settings = SETTINGS | ({} if durable else FORGETFUL)
    # Relative to the data folder, so that no character of the path needs quoting.
    sockets = "../run" if home.socket.parent == home.run else str(home.socket.parent)
    lines = [
        f"# Written at each start. Your own settings belong in {home.data.name}/postgresql.auto.conf.",
        f"include '{home.data.name}/postgresql.conf'",
        f"unix_socket_directories = '{sockets}'",
        *(f"{name} = {value}" for name, value in settings.items()),
    ]
    draft = home.draft() / home.settings.name
    draft.write_text("\n".join(lines) + "\n")
    draft.chmod(0o644)
    draft.replace(home.settings)
    draft.parent.rmdir()


def launch(home: Home, folder: Path, alive: int) -> None:
    """Start the server and leave it to itself; `alive` is locked, so traces of another are stale."""
    home.private(home.run)
    home.private(home.socket.parent)
    for stale in (home.data / "postmaster.pid", home.socket, Path(f"{home.socket}.lock")):
        stale.unlink(missing_ok=True)
    if home.log.exists() and home.log.stat().st_size > KEEP_LOG_BELOW:
        home.log.replace(home.log.with_suffix(".old.log"))
    # The shell goes at once, so that the server is nobody's child and nobody's zombie; paths are passed
    # as arguments, never as text of the script.
    script = 'log=$1; shift; exec "$@" </dev/null >>"$log" 2>&1 &'
    server = (folder / "postgres", "-D", home.data, "-c", f"config_file={home.settings}")
    programs.run(("/bin/sh", "-c", script, "sh", home.log, *server), home.account, cwd=home.path, keep=alive)


def wait_until_ready(home: Home) -> int | None:
    """Wait for a running server to accept connections: None.

    If there is none, or it ends meanwhile, return the lock that keeps others from starting one.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if _postmaster(home) is not None:
            return None
        alive = locks.taken(home.lock("alive"))
        if alive is not None:
            return alive
        time.sleep(0.01)
    raise EmbeddedError(f"The embedded PostgreSQL does not answer: {last_words(home)}")


def require_ready(home: Home) -> None:
    """Wait until a server that was launched accepts connections; raise EmbeddedError if it does not stay."""
    gone = wait_until_ready(home)
    if gone is not None:
        os.close(gone)
        raise EmbeddedError(f"The embedded PostgreSQL did not start: {last_words(home)}")


def clear(home: Home) -> int:
    """Stop whatever server still runs in the home, of whichever cluster, and return the lock that keeps others out.

    A start that was killed may have left one; and initdb, which ends by itself.
    """
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        alive = locks.taken(home.lock("alive"))
        if alive is not None:
            return alive
        pid = _listener(home)
        if pid is not None:
            _end(home, pid)
        time.sleep(0.01)
    raise EmbeddedError(f"The embedded PostgreSQL does not stop: {last_words(home)}")


def stop(home: Home, *, drop: bool = False) -> None:
    """Shut down at once, undoing open transactions; return when no process of the server is left.

    `drop` leaves unwritten what the server has not written yet: it would be recovered at the next start.
    """
    pid = _postmaster(home)
    if pid is not None:
        _end(home, pid, drop=drop)


def _end(home: Home, pid: int, *, drop: bool = False) -> None:
    # On a full disk a server cannot write what it must before it ends, and would try for ever.
    if drop or not _ended(home, pid, signal.SIGINT, TIDY):
        _ended(home, pid, signal.SIGQUIT, PATIENCE)
    if home.socket.parent != home.run:
        shutil.rmtree(home.socket.parent, ignore_errors=True)


def _ended(home: Home, pid: int, number: signal.Signals, patience: float) -> bool:
    """Send a signal, and wait until no process of the server is left."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        alive = locks.taken(home.lock("alive"))
        if alive is not None:
            os.close(alive)
            return True
        time.sleep(0.005)
    return False


def create_database(home: Home, name: str) -> None:
    """Create a database of Cairn's role, unless it is there."""
    import psycopg2  # not at the top: gunicorn's master needs the server, but no driver
    from psycopg2.errors import DuplicateDatabase, DuplicateObject, UniqueViolation
    from psycopg2.sql import SQL, Identifier

    make_role = SQL("CREATE ROLE {} LOGIN CREATEDB").format(Identifier(ROLE))
    make_database = SQL("CREATE DATABASE {} OWNER {}").format(Identifier(name), Identifier(ROLE))
    connection = psycopg2.connect(**_address(home))
    try:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        for statement in () if cursor.fetchone() else (make_role, make_database):
            # The server finishes what a process asked for that was killed meanwhile: it may do so only now.
            with suppress(DuplicateDatabase, DuplicateObject, UniqueViolation):
                cursor.execute(statement)
    finally:
        connection.close()


def databases(home: Home) -> list[str]:
    """The names of all databases but the templates."""
    import psycopg2

    connection = psycopg2.connect(**_address(home))
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname")
        return [name for (name,) in cursor.fetchall()]
    finally:
        connection.close()


def _address(home: Home) -> dict[str, Any]:
    return {"host": str(home.socket.parent), "port": PORT, "user": SUPERUSER, "dbname": "postgres"}


def last_words(home: Home) -> str:
    """What the server's log says of its end, for an error message."""
    try:
        text = home.log.read_text(errors="replace").strip()
    except OSError:
        text = ""
    lines = text.rpartition("starting PostgreSQL")[2].splitlines() or ["it left no message."]
    # Not what it told those who came too early.
    causes = [line for line in lines if re.search("(FATAL|PANIC):  (?!the database system)", line)]
    return (causes or lines)[-1]


def _postmaster(home: Home) -> int | None:
    """The pid of the main process, if it accepts connections.

    The file says `ready` also after `kill -9`; only a connection proves that the pid is still the server's.
    """
    try:
        lines = (home.data / "postmaster.pid").read_text().splitlines()
        if lines[7].strip() != "ready":
            return None
        _knock(home)
        return int(lines[0])
    except (OSError, IndexError, ValueError):
        return None


def _listener(home: Home) -> int | None:
    """The pid of the main process that has the home's socket, whichever cluster is its."""
    try:
        _knock(home)
        return int(Path(f"{home.socket}.lock").read_text().splitlines()[0])
    except (OSError, IndexError, ValueError):
        return None


def _knock(home: Home) -> None:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(home.socket))
