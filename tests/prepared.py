"""Databases that are copies of one that was brought up to date: the migrations run once in a process, not for each."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.databases import beside, connected, empty_database
from webapp.config import ROOT

MIGRATE, START = ("db", "upgrade"), ("prepare",)
# What is copied, by its server and the command that made it.
_originals: dict[tuple[str, tuple[str, ...]], str] = {}


@contextmanager
def migrated_database(cluster: str) -> Iterator[str]:
    """A new database beside that one, with all tables and with nothing that people write into them."""
    with _copy(cluster, MIGRATE) as own:
        yield own


@contextmanager
def started_database(cluster: str, data: Path) -> Iterator[str]:
    """A new database as the first start of a server leaves it in development, with its files in that folder.

    The start that follows finds nothing to do: it takes half as long.
    """
    with _copy(cluster, START) as own:
        keep_files(own, data)
        yield own


def keep_files(database: str, data: Path) -> None:
    """Mark the folder of files as that database's, as `flask prepare` does."""
    with closing(connected(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM installation")
        [(own,)] = cursor
    (data / "files").mkdir(parents=True, exist_ok=True)
    (data / "files" / ".cairn").write_text(own)


@contextmanager
def dropped_at_the_end(cluster: str) -> Iterator[None]:
    """Leave nothing of ours on a server that goes on after the run."""
    yield
    with closing(connected(cluster)) as connection, connection.cursor() as cursor:
        while _originals:
            cursor.execute(f"DROP DATABASE {_originals.popitem()[1]} WITH (FORCE)")


@contextmanager
def _copy(cluster: str, command: tuple[str, ...]) -> Iterator[str]:
    """An installation of its own: the original's number is its alone."""
    with empty_database(cluster, f"TEMPLATE {_original(cluster, command)}") as own:
        with closing(connected(own)) as connection, connection.cursor() as cursor:
            cursor.execute("UPDATE installation SET id = gen_random_uuid()")
        yield own


def _original(cluster: str, command: tuple[str, ...]) -> str:
    """The name of the database that is copied. Nobody connects to it once it is made: else it could not be."""
    made = beside(cluster, ""), command
    if made not in _originals:
        name = f"cairn_{secrets.token_hex(4)}"
        with closing(connected(cluster)) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
        _run(command, beside(cluster, name))
        _originals[made] = name
    return _originals[made]


def _run(command: tuple[str, ...], database: str) -> None:
    """In a process of its own: an application sets what its process shares."""
    with TemporaryDirectory() as data:
        given = {"DATABASE_URL": database, "CAIRN_DATA": data, "ENVIRONMENT": "development"}
        given["SECRET_KEY"] = "not-a-real-key-only-for-databases-0123456789"
        program = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
        subprocess.run(program, cwd=ROOT, env=os.environ | given, capture_output=True, check=True)
