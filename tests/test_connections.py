"""No wait for the database's answer is without end."""

import threading
import time
from contextlib import closing

import psycopg2
import pytest

from webapp import create_app
from webapp.connections import Connection, Overdue
from webapp.db import db

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


@pytest.fixture
def life(migrated, settings):
    """Cairn as in life, whose connections go back to a pool."""
    app = create_app(settings)
    with app.app_context():
        yield app
        db.engine.dispose()


def asked(statement):
    with closing(db.engine.raw_connection()) as taken, closing(taken.cursor()) as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_what_was_left_open_is_undone_before_the_connection_is_given_to_another(life):
    with closing(db.engine.raw_connection()) as taken, closing(taken.cursor()) as cursor:
        taken.dbapi_connection.autocommit = False
        cursor.execute("CREATE TABLE left_open ()")
        process = taken.dbapi_connection.info.backend_pid
    assert asked("SELECT pg_backend_pid()") == process
    assert asked("SELECT to_regclass('left_open')") is None


def test_a_connection_that_has_ended_is_given_to_nobody(life):
    with closing(db.engine.raw_connection()) as taken:
        taken.dbapi_connection.close()
    assert asked("SELECT 1") == 1


def test_names_values_and_errors_are_read_as_utf_8(hurried):
    with hurried.cursor() as cursor:
        cursor.execute("SELECT 'Käse €' AS \"Größe \U0001f9c0\"")
        assert (cursor.description[0].name, cursor.fetchall()) == ("Größe \U0001f9c0", [("Käse €",)])
        with pytest.raises(psycopg2.Error, match="größe"):
            cursor.execute("SELECT größe")
