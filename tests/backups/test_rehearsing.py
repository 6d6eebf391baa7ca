"""A rehearsal does all that a restoration does, beside what is in use, and leaves nothing."""

import signal
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import make_url

from tests.backups.installation import Installation, refusal
from tests.databases import connected
from webapp import create_app

DATABASES = "SELECT datname FROM pg_database ORDER BY 1"


def test_it_says_that_it_went_well_and_leaves_nothing(full, archive):
    before, databases, folders = full.state(), full.ask(DATABASES), sorted(full.data.iterdir())
    result = full.run("restore", "--rehearse", archive)
    assert result.exit_code == 0, result.output
    assert "It can be restored: " in result.stdout
    assert {"reading it through", "rows and files", "migrations", "all of it"} <= {
        line.partition(" s  ")[2] for line in result.stdout.splitlines()
    }
    assert (full.state(), full.ask(DATABASES), sorted(full.data.iterdir())) == (before, databases, folders)


def test_a_damaged_one_is_told_and_leaves_nothing(full, archive, tmp_path):
    databases = full.ask(DATABASES)
    path = tmp_path / "cut"
    path.write_bytes(archive.read_bytes()[:-1])
    assert refusal(full.run("restore", "--rehearse", path)).startswith("The backup is damaged or cut.")
    assert full.ask(DATABASES) == databases


def test_one_that_is_interrupted_leaves_nothing(full, archive):
    before, databases, folders = full.state(), full.ask(DATABASES), sorted(full.data.iterdir())
    program = full.begin("restore", "--rehearse", archive)
    while full.ask(DATABASES) == databases:
        assert program.poll() is None
        time.sleep(0.05)
    program.send_signal(signal.SIGINT)
    assert program.wait(60) == 128 + signal.SIGINT
    assert (full.state(), full.ask(DATABASES), sorted(full.data.iterdir())) == (before, databases, folders)


def as_superuser(url: str) -> str:
    """The included database has one beside Cairn's role; a database that was given is asked as it is."""
    return url.replace("://cairn@/", "://postgres@/")


@pytest.fixture
def humble(full, settings) -> Iterator[Installation]:
    """The same installation, asked by a role that may make no databases."""
    with closing(connected(as_superuser(full.url))) as connection, connection.cursor() as cursor:
        cursor.execute(
            "CREATE ROLE humble LOGIN PASSWORD 'humble'; GRANT ALL ON ALL TABLES IN SCHEMA public TO humble"
        )
        url = make_url(full.url).set(username="humble", password="humble").render_as_string(hide_password=False)
        yield Installation(create_app(settings.model_copy(update={"database_url": url, "cairn_data": full.data})))
        cursor.execute("DROP OWNED BY humble; DROP ROLE humble")


def test_a_role_that_may_not_make_a_database_is_told_what_it_lacks(humble, archive):
    said = refusal(humble.run("restore", "--rehearse", archive))
    assert "Let it by ALTER ROLE humble CREATEDB" in said
