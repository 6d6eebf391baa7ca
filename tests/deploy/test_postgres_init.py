"""The database that production gets, on a server that was set up on a machine without a language."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.databases import connected
from webapp import embedded
from webapp.config import ROOT
from webapp.connections import SESSION_SETTINGS
from webapp.embedded import binaries, programs
from webapp.embedded.home import PORT, Home, claim

PASSWORD = 'it\'s "$HOME" and 12'


@pytest.fixture
def ascii_server() -> Iterator[Home]:
    """A running server that stores text as it comes, and has neither Cairn's role nor its database."""
    with TemporaryDirectory(prefix="cairn-test-") as folder:
        Path(folder).chmod(0o755)
        home = claim(Path(folder) / "postgres")
        draft = home.draft()
        home.give(draft)
        make = (binaries.for_account(home) / "initdb", "--pgdata", draft, "--encoding=SQL_ASCII", "--locale=C")
        access = ("--username=postgres", "--auth=trust", "--no-sync")
        with (home.path / "own").open("w") as own:
            programs.run((*make, *access), home.account, cwd=home.path, keep=own.fileno())
        draft.rename(home.data)
        lease = embedded.acquire(home.path, durable=False)
        yield home
        lease.release()


@pytest.fixture
def made(ascii_server: Home) -> str:
    """The address of what the script makes there, for Cairn."""
    folder = binaries.for_account(ascii_server)
    place = {"PATH": f"{folder}:{os.environ['PATH']}", "PGHOST": str(ascii_server.socket.parent), "PGPORT": str(PORT)}
    subprocess.run(
        ["/bin/sh", str(ROOT / "deploy/postgres-init.sh")],
        check=True,
        env=os.environ | place | {"DB_PASSWORD": PASSWORD},
    )
    return f"postgresql://cairn@/cairn?host={ascii_server.socket.parent}&port={PORT}"


def test_the_script_makes_a_database_in_utf8_on_any_server(made):
    with closing(connected(made)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_encoding'), lower('ÄÖ'), rolsuper FROM pg_roles WHERE rolname = user"
        )
        assert cursor.fetchone() == ("UTF8", "äö", False)


def test_the_role_has_all_settings_that_a_pooler_may_drop(made):
    with closing(connected(made)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = user")
        assert dict(row.lower().split("=") for (row,) in cursor) == {
            name: value.lower() for name, value in SESSION_SETTINGS.items()
        }
