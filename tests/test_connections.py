"""No wait for the database's answer is without end."""

import threading
import time
from contextlib import closing

import psycopg2
import pytest

from webapp.connections import Connection, Overdue

SLEEP = "SELECT pg_sleep(%s)"


@pytest.fixture
def hurried(database):
    """A connection whose statements may take half a second, and a guard that looks often."""
    over = threading.Event()
    address = database.replace("+psycopg2", "")
    with closing(psycopg2.connect(address, connection_factory=Connection)) as connection:
        connection.longest = 0.5

        def watch():
            while not over.wait(0.05):
                connection.cut_if_overdue(time.monotonic())

        guard = threading.Thread(target=watch)
        guard.start()
        yield connection
        over.set()
        guard.join()


def test_one_statement_that_takes_too_long_is_cut(hurried):
    with hurried.cursor() as cursor, pytest.raises(Overdue):
        cursor.execute(SLEEP, (3,))


def test_one_of_many_that_takes_too_long_is_cut(hurried):
    with hurried.cursor() as cursor, pytest.raises(Overdue):
        cursor.executemany(SLEEP, [(0,), (3,)])


def test_many_may_take_longer_together_than_one(hurried):
    with hurried.cursor() as cursor:
        cursor.executemany(SLEEP, [(0.2,)] * 5)
