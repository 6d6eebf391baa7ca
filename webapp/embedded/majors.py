"""Databases of other major versions of PostgreSQL in the same folder: carried over, or left alone with a word why.

A server reads only what its own major version has written. So an older database is dumped, with the older
programs' server, and restored into a new one, which stays a draft until it is whole. The old folder is never
changed and never removed: a start that is killed in between begins again from it.
"""

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from . import binaries, locks, programs, server
from .errors import EmbeddedError
from .home import MAJOR, PORT, Home

# What the new database and the dump may take, as a multiple of the old database.
ROOM = 1.5
JOBS = f"--jobs={min(os.cpu_count() or 1, 4)}"

log = logging.getLogger("cairn.embedded")


def settle(home: Home, lease: int) -> None:
    """See to what other versions have left, before our server is started or its database made.

    `lease` is the caller's share of `users.lock`, who also holds `start.lock`. Raises EmbeddedError where a
    start would show something older than what people have written, or nothing at all.
    """
    found = [int(name[1]) for path in home.path.iterdir() if (name := re.fullmatch(r"data(\d+)", path.name))]
    newest = max(found, default=0)
    if newest > MAJOR:
        raise EmbeddedError(
            f"{home.path}/data{newest} was made by PostgreSQL {newest}, and this Cairn has {MAJOR}: start the Cairn "
            "that made it, or move the folder away to go on without what it holds."
        )
    if home.data.exists():
        return
    if not newest:
        _refuse_to_forget(home)
        return
    old = replace(home, cluster=f"data{newest}")
    if not locks.became_exclusive(lease):
        raise EmbeddedError(
            f"{old.data} is in use by a Cairn that runs PostgreSQL {newest}: stop that one, then start again."
        )
    try:
        _carry_over(home, old, newest)
    finally:
        locks.share(lease)


def _refuse_to_forget(home: Home) -> None:
    """Whoever has uploaded files has had a database: a new, empty one beside them helps nobody."""
    if any(path.is_file() for path in home.uploads.rglob("*")):
        raise EmbeddedError(
            f"{home.uploads} has uploaded files, but their database is not in {home.path}: put it back, set "
            "DATABASE_URL, or move the files away to begin anew."
        )


def _carry_over(home: Home, old: Home, major: int) -> None:
    """Make our version's database from an older one, whole or not at all."""
    done = home.path / f"{old.data.name}.carried-over"
    if done.exists():
        raise EmbeddedError(
            f"{home.data} is missing, and {old.data} only holds what there was when it was carried over: restore "
            f"a backup of {home.data.name}, or remove {done} to go back to that day."
        )
    locks.require_inheritance(home.lock("probe"))
    os.close(server.clear(home))
    home.sweep()
    try:
        before = _programs(old, major)
        _require_room(old)
        log.warning("Carrying the database over from PostgreSQL %d to %d; a large one takes minutes …", major, MAJOR)
        new = _copied(old, before, binaries.for_account(home))
        os.close(server.clear(home))
        new.data.rename(home.data)
        done.touch()
    except (EmbeddedError, OSError) as error:
        raise EmbeddedError(
            f"The database of PostgreSQL {major} was not carried over to {MAJOR}, {old.data} is as it was: {error}"
        ) from error
    finally:
        home.sweep()
    log.warning("The database runs with PostgreSQL %d now. %s is kept: remove it when you like.", MAJOR, old.data)


def _programs(old: Home, major: int) -> Path:
    try:
        return binaries.for_account(old, major)
    except EmbeddedError:
        raise EmbeddedError(
            f"the programs of PostgreSQL {major} are not here; install them in {binaries.elsewhere(major)}, "
            "or go back to the Cairn that made it and move by a dump (docs/deployment.md, Upgrades)."
        ) from None


def _require_room(old: Home) -> None:
    needed = int(sum(path.lstat().st_size for path in old.data.rglob("*")) * ROOM)
    if shutil.disk_usage(old.path).free < needed:
        raise EmbeddedError(f"{old.path} needs {needed // 1_000_000 + 1} MB of free space for it; make room.")


def _copied(old: Home, before: Path, after: Path) -> Home:
    """A draft of our version's database with all that the old one has: roles, databases, settings."""
    dump = _draft(old)
    with _serving(old, before):
        databases = server.databases(old)
        _run(old, after / "pg_dumpall", "--globals-only", f"--file={dump / 'globals'}")
        for number, name in enumerate(databases):
            target = ("--format=directory", "--compress=1", JOBS, f"--file={dump / str(number)}")
            _run(old, after / "pg_dump", *target, f"--dbname={_quoted(name)}")
    new = replace(old, cluster=_made(old, after).name)
    shutil.copyfile(old.data / "postgresql.auto.conf", new.data / "postgresql.auto.conf")
    _leave_out_the_superuser(dump / "globals")
    with _serving(new, after):
        _run(new, after / "psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--file={dump / 'globals'}", "postgres")
        for number, name in enumerate(databases):
            create = () if name == "postgres" else ("--create",)
            _run(new, after / "pg_restore", "--exit-on-error", JOBS, *create, "--dbname=postgres", dump / str(number))
        _run(new, after / "vacuumdb", "--all", "--analyze", "--quiet", JOBS)
    return new


def _made(home: Home, folder: Path) -> Path:
    alive = server.clear(home)
    try:
        return server.create(home, folder, alive, durable=True)
    finally:
        os.close(alive)


def _draft(home: Home) -> Path:
    """A new folder that the server's account may write to."""
    draft = home.draft()
    home.give(draft)
    return draft


def _leave_out_the_superuser(file: Path) -> None:
    """initdb has made it already, and a second CREATE ROLE would be an error; its settings follow in any case."""
    text = file.read_text()
    file.write_text(text.replace(f"CREATE ROLE {server.SUPERUSER};\n", "", 1))


@contextmanager
def _serving(home: Home, folder: Path) -> Iterator[None]:
    """Run a server on the home's cluster, for nobody but us: nobody else can hold a lease now."""
    alive = server.clear(home)
    try:
        server.configure(home, durable=True)
        server.launch(home, folder, alive)
    finally:
        os.close(alive)
    try:
        server.require_ready(home)
        yield
    except BaseException:
        server.stop(home, drop=home.cluster.startswith("draft-"))
        raise
    server.stop(home)


def _run(home: Home, program: Path, *arguments: str | Path) -> None:
    where = (f"--host={home.socket.parent}", f"--port={PORT}", f"--username={server.SUPERUSER}")
    programs.run((program, *where, *arguments), home.account, cwd=home.path)


def _quoted(name: str) -> str:
    """A database's name where a connection string may stand too."""
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"dbname='{escaped}'"
