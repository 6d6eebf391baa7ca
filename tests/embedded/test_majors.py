"""A database that another major version of PostgreSQL has made: carried over whole, or refused with a word why."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.folders import (
    AS_ROOT,
    Application,
    acquire,
    ask,
    copied,
    kill_server,
    make_older,
    older,
    reachable_folder,
    recall,
    remember,
    runs,
    serving_older,
    starts,
    wait_until,
)
from webapp.embedded import EmbeddedError, locks, majors, server

SCHEMA = (
    "CREATE TABLE memory (id bigint GENERATED ALWAYS AS IDENTITY, word text, length int GENERATED ALWAYS AS (length(word)) STORED)",
    "CREATE UNIQUE INDEX ON memory (lower(word))",
    "INSERT INTO memory (word) SELECT 'kept' || coalesce(nullif(n, 1)::text, '') FROM generate_series(1, 5000) n",
    "INSERT INTO memory (word) VALUES ('CREATE ROLE postgres;'), ('Ærøskøbing \\ ''quoted''')",
)
WHOLE = "SELECT count(*), sum(length), max(id), count(*) FILTER (WHERE word LIKE 'Ær%') FROM memory"


@pytest.fixture(scope="module")
def old_pattern() -> Iterator[Path]:
    folder = reachable_folder()
    make_older(folder / "postgres")
    with serving_older(folder / "postgres") as url:
        ask(url, *SCHEMA)
        assert_whole(url)
        ask(url.replace("cairn@/cairn", "postgres@/cairn"), "CREATE ROLE reader", "GRANT SELECT ON memory TO reader")
        ask(url.replace("cairn@/cairn", "postgres@/postgres"), "ALTER DATABASE cairn SET work_mem = '5MB'")
        server.create_database(older(folder / "postgres"), 'it\'s = "another"')
    with (folder / "postgres" / "data16" / "postgresql.auto.conf").open("a") as settings:
        settings.write("max_connections = '61'\n")
    yield folder / "postgres"
    shutil.rmtree(folder)


@pytest.fixture
def old(folder: Path, old_pattern: Path) -> Path:
    """Where a database of PostgreSQL 16 is, and no server."""
    return copied(old_pattern, folder / "postgres")


def assert_whole(url: str) -> None:
    assert ask(url, f"SELECT row::text FROM ({WHOLE}) AS row") == "(5002,38934,5002,1)"


def test_an_older_database_is_carried_over_and_its_folder_kept(old):
    lease = acquire(old)
    url = lease.url()
    assert_whole(url)
    assert ask(url, "SHOW server_version_num")[:2] == "18"
    assert ask(url, "SELECT has_table_privilege('reader', 'memory', 'SELECT')")
    assert (ask(url, "SHOW work_mem"), ask(url, "SHOW max_connections")) == ("5MB", "61")
    assert ask(lease.url('it\'s = "another"'), "SELECT current_database()") == 'it\'s = "another"'
    lease.release()
    assert (old / "data16" / "PG_VERSION").read_text() == "16\n"
    assert not list(old.glob("draft-*"))


def test_it_is_carried_over_once(old):
    lease = acquire(old)
    ask(lease.url(), "INSERT INTO memory (word) VALUES ('later')")
    lease.release()
    lease = acquire(old)
    assert ask(lease.url(), "SELECT count(*) FROM memory") == 5003
    lease.release()


STATES = {
    "the older server runs": lambda home: (home / "data16" / "postmaster.pid").exists(),
    "dumping": lambda home: list(home.glob("draft-*/globals")),
    "making the new one": lambda home: list(home.glob("draft-*/PG_VERSION")),
    "restoring": lambda home: list(home.glob("draft-*/postmaster.pid")),
    "almost done": lambda home: len(list(home.glob("draft-*/base/*"))) > 4,
}


@pytest.mark.parametrize("state", STATES)
def test_killed_in_between_the_next_start_begins_again(old, state):
    with Application(old) as application:
        wait_until(lambda: STATES[state](old))
        application.kill()
    assert not (old / "data18").exists()
    lease = acquire(old)
    assert_whole(lease.url())
    lease.release()
    assert not list(old.glob("draft-*"))
    assert not runs(old)


def test_an_older_server_that_was_killed_is_carried_over_too(old):
    with serving_older(old) as url:
        ask(url, "INSERT INTO memory (word) VALUES ('last')")
        kill_server(old, "data16")
    lease = acquire(old)
    assert ask(lease.url(), "SELECT count(*) FROM memory WHERE word = 'last'") == 1
    lease.release()


def test_starts_at_once_take_turns(old):
    applications = [Application(old) for _ in range(3)]
    urls = {application.url() for application in applications}
    assert len(urls) == 1
    assert_whole(urls.pop())
    assert starts(old) == 4  # the pattern's, the older server's once more, the draft's, ours
    for application in applications:
        application.process.communicate()


def test_a_database_in_use_is_not_carried_over(old):
    with serving_older(old) as url:
        others = locks.shared(old / "users.lock")
        with pytest.raises(EmbeddedError, match=r"data16 is in use .* stop that one"):
            acquire(old)
        assert_whole(url)
        os.close(others)


def test_a_server_that_nobody_uses_any_more_is_stopped_for_it(old):
    with serving_older(old) as url:
        ask(url, "INSERT INTO memory (word) VALUES ('last')")
        lease = acquire(old)
        assert ask(lease.url(), "SELECT count(*) FROM memory WHERE word = 'last'") == 1
        lease.release()


def test_without_the_older_programs_the_folder_is_named_and_left(home):
    lease = acquire(home)
    remember(lease.url())
    lease.release()
    (home / "data18").rename(home / "data17")
    with pytest.raises(
        EmbeddedError, match=r"data17 is as it was: the programs of PostgreSQL 17 are not here; install"
    ):
        acquire(home)
    assert not (home / "data18").exists()
    (home / "data17").rename(home / "data18")
    lease = acquire(home)
    assert recall(lease.url()) == "kept"
    lease.release()


def test_a_newer_database_is_not_passed_over(home):
    (home / "data19").mkdir()
    with pytest.raises(
        EmbeddedError, match="data19 was made by PostgreSQL 19, and this Cairn has 18: start the Cairn"
    ):
        acquire(home)


def test_what_is_no_database_is_named(folder):
    (folder / "postgres" / "data16").mkdir(parents=True)
    with pytest.raises(EmbeddedError, match="was not carried over to 18"):
        acquire(folder / "postgres")
    assert not (folder / "postgres" / "data18").exists()


def test_a_lost_database_is_not_replaced_by_what_it_once_was(old):
    acquire(old).release()
    shutil.rmtree(old / "data18")
    with pytest.raises(EmbeddedError, match=r"data18 is missing, and .*data16 only holds"):
        acquire(old)
    (old / "data16.carried-over").unlink()
    lease = acquire(old)
    assert_whole(lease.url())
    lease.release()


def test_too_little_room_is_said_before_anything_is_done(old, monkeypatch):
    monkeypatch.setattr(majors, "ROOM", 1e9)
    with pytest.raises(EmbeddedError, match=r"needs \d+ MB of free space"):
        acquire(old)
    assert not list(old.glob("draft-*"))


@pytest.mark.skipif(not AS_ROOT, reason="mounts a small disk")
@pytest.mark.parametrize("megabytes", [2, 10, 30, 45])
def test_a_disk_that_fills_up_in_between_loses_nothing(folder, old_pattern, monkeypatch, megabytes):
    size = sum(path.lstat().st_size for path in old_pattern.rglob("*")) // 1_000_000 + megabytes
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=755", "tmpfs", folder]).returncode:
        pytest.skip("may not mount")
    try:
        home = copied(old_pattern, folder / "postgres")
        monkeypatch.setattr(majors, "ROOM", 0)
        with pytest.raises(EmbeddedError, match="No space left"):
            acquire(home)
        assert not (home / "data18").exists()
        assert not runs(home)
        subprocess.run(["mount", "-o", "remount,size=300m", folder], check=True)
        lease = acquire(home)
        assert_whole(lease.url())
        lease.release()
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("kept", ["files/ab/cdef", "files/.cairn"])
def test_uploaded_files_without_their_database_are_no_first_start(fresh, kept):
    file = fresh.parent / kept
    file.parent.mkdir(parents=True)
    file.touch()
    with pytest.raises(
        EmbeddedError, match=r"files has uploaded files, but their database is not in .*postgres: put"
    ):
        acquire(fresh)
    assert not (fresh / "data18").exists()


def test_a_key_and_empty_folders_are_left_by_a_first_start_that_was_killed(fresh):
    (fresh.parent / "files" / "ab").mkdir(parents=True)
    (fresh.parent / "secret.key").touch()
    lease = acquire(fresh)
    assert ask(lease.url(), "SELECT 1") == 1
    lease.release()
