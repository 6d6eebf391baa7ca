"""The server's life: made, configured, launched, waited for, stopped."""

import os
import shutil
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

from . import binaries, locks, programs
from .errors import EmbeddedError
from .home import PORT, Home

SUPERUSER = "postgres"
# Cairn's own role is no superuser: SQL that slips in cannot read files or run programs.
ROLE = "cairn"
# Recovery after a power cut replays up to max_wal_size, which may take minutes on a slow disk.
PATIENCE = 300.0
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
    """Make the cluster if there is none: aside, then renamed, so that it is whole or absent.

    The builtin locale sorts alike on every machine, whatever its C library thinks.
    """
    if home.data.exists():
        return
    draft = home.draft()
    home.give(draft)
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
    access = (f"--username={SUPERUSER}", "--auth-local=trust", "--auth-host=reject")
    safety = () if durable else ("--no-sync",)
    with binaries.safe_in_a_shell(folder) as safe:
        command = (safe / "initdb", "--pgdata", draft, *locale, *access, *safety)
        programs.run(command, home.account, cwd=home.path, keep=alive)
    draft.rename(home.data)


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


def stop(home: Home) -> None:
    """Shut down at once, undoing open transactions; return when no process of the server is left."""
    pid = _postmaster(home)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        alive = locks.taken(home.lock("alive"))
        if alive is not None:
            os.close(alive)
            break
        time.sleep(0.005)
    if home.socket.parent != home.run:
        shutil.rmtree(home.socket.parent, ignore_errors=True)


def create_database(home: Home, name: str) -> None:
    """Create a database of Cairn's role, unless it is there."""
    import psycopg2  # not at the top: gunicorn's master needs the server, but no driver
    from psycopg2.errors import DuplicateDatabase, DuplicateObject, UniqueViolation
    from psycopg2.sql import SQL, Identifier

    make_role = SQL("CREATE ROLE {} LOGIN CREATEDB").format(Identifier(ROLE))
    make_database = SQL("CREATE DATABASE {} OWNER {}").format(Identifier(name), Identifier(ROLE))
    connection = psycopg2.connect(host=str(home.socket.parent), port=PORT, user=SUPERUSER, dbname="postgres")
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


def last_words(home: Home) -> str:
    """The end of the server's log, for an error message."""
    try:
        lines = home.log.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "it left no message."


def _postmaster(home: Home) -> int | None:
    """The pid of the main process, if it accepts connections.

    The file says `ready` also after `kill -9`; only a connection proves that the pid is still the server's.
    """
    try:
        lines = (home.data / "postmaster.pid").read_text().splitlines()
        if lines[7].strip() != "ready":
            return None
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(home.socket))
        return int(lines[0])
    except (OSError, IndexError, ValueError):
        return None
