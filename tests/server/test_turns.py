"""Servers that start at once on one database: one migrates, the others wait, however long it takes."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.databases import connected, empty_database
from tests.server.running import PATIENCE, end, free_port, start
from webapp.ops import locks

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_try_adv%'"
QUEUES = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
LONGER_THAN_A_LOCK_MAY_TAKE = 3  # seconds; sessions of the application give up after two


class Start:
    """A server that starts on a database."""

    def __init__(self, database: str, folder: Path) -> None:
        folder.mkdir()
        self.log = folder / "log"
        with self.log.open("wb") as log:
            settings = {"DATABASE_URL": database, "CAIRN_DATA": str(folder), "PORT": str(free_port())}
            self.process = start(log, WEB_CONCURRENCY="1", **settings)  # type: ignore[arg-type]

    def says(self, words: str) -> bool:
        return words in self.log.read_text()

    @property
    def is_over(self) -> bool:
        return self.process.poll() is not None

    def wait_until_ready(self) -> None:
        wait_for(lambda: self.says("Cairn is ready") or self.is_over)
        assert self.says("Cairn is ready"), self.log.read_text()

    def stop(self) -> None:
        end(self.process)


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def empty(database: str) -> Iterator[str]:
    with empty_database(database) as url:
        yield url


@pytest.fixture
def begin(empty: str, tmp_path: Path) -> Iterator[Callable[[], Start]]:
    begun: list[Start] = []

    def one_more() -> Start:
        begun.append(Start(empty, tmp_path / str(len(begun))))
        return begun[-1]

    yield one_more
    for one in begun:
        one.stop()


@contextmanager
def held(database: str, turn: int) -> Iterator[Callable[[str], int]]:
    """Have the turn in the block, in which statements can be run."""
    with closing(connected(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [turn])

        def ask(statement: str) -> int:
            cursor.execute(statement)
            return cursor.fetchone()[0]

        yield ask


def test_first_starts_at_once_all_serve_and_one_makes_the_demo(begin):
    starts = [begin() for _ in range(3)]
    for one in starts:
        one.wait_until_ready()
    assert sum(one.says("A demo project is there.") for one in starts) == 1


def test_a_start_beside_a_migration_says_so_and_waits_outside_the_reach_of_timeouts(empty, begin):
    with held(empty, locks.MIGRATION) as ask:
        one = begin()
        wait_for(
            lambda: one.says("cairn: another server is migrating this database; waiting for it.\n") or one.is_over
        )
        time.sleep(4 * locks.PAUSE)
        assert ask(QUEUES) == 0  # who waits in the database is ended by its timeouts
        assert not one.is_over
    one.wait_until_ready()
    assert one.log.read_text().count("another server is migrating") == 1


def test_a_start_waits_for_another_that_makes_the_demo(empty, begin):
    with held(empty, locks.FIRST_START) as ask:
        one = begin()
        wait_for(lambda: ask(WAITS) or one.is_over)
        time.sleep(LONGER_THAN_A_LOCK_MAY_TAKE)
        assert not one.is_over, one.log.read_text()
    one.wait_until_ready()
