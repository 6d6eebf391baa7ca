"""No wait for the database's answer is without end."""

import threading
import time
from contextlib import closing

import psycopg2
import pytest

from webapp import create_app
from webapp.connections import Connection, Overdue
from webapp.db import db
from webapp.faults import DBAPIError
from webapp.pooling import IDLE, PATIENCE
from webapp.reading import Text, read

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


PROCESS = Text("SELECT pg_backend_pid()", columns="pid")
END_IT = Text("SELECT pg_terminate_backend(pg_backend_pid())", columns="ended")
WRONG = Text("SELECT 1 / CAST(:number AS integer)", "number integer", "none")


@pytest.fixture
def pool(life):
    """The pool, in which one connection rests."""
    read(PROCESS)
    return db.engine.pool


def test_a_connection_that_rests_is_lent_and_given_back(pool):
    first = pool.lent()
    assert pool.lent() is None
    pool.take_back(first)
    again = pool.lent()
    assert again is first
    pool.take_back(again)
    assert (pool.checkedin(), pool.checkedout()) == (1, 0)


def test_one_that_has_rested_long_is_not_lent_but_asked_for_a_sign_of_life(pool, monkeypatch):
    pinged = []
    monkeypatch.setattr(Connection, "ping", lambda self: pinged.append(self))
    entry = pool.lent()
    pool.take_back(entry)
    entry.info["rested"] -= IDLE
    assert pool.lent() is None
    read(PROCESS)
    assert pinged == [entry.dbapi_connection]
    assert pool.checkedin() == 1


@pytest.mark.parametrize("age", [1801, 0], ids=["old", "of a pool whose connections have died"])
def test_one_that_is_to_be_replaced_is_not_lent(pool, age):
    entry = pool.lent()
    pool.take_back(entry)
    before = read(PROCESS).scalar_one()
    if age:
        entry.starttime -= age
    else:
        pool._invalidate_time = entry.starttime + 0.001
    assert pool.lent() is None
    assert read(PROCESS).scalar_one() != before


def test_one_that_ended_while_it_was_lent_is_given_to_nobody(pool):
    entry = pool.lent()
    entry.dbapi_connection.close()
    pool.take_back(entry)
    assert pool.lent() is None
    assert read(PROCESS).scalar_one()
    assert (pool.checkedin(), pool.checkedout()) == (1, 0)


def test_what_was_left_open_is_undone_before_it_is_lent_to_another(pool):
    entry = pool.lent()
    entry.dbapi_connection.autocommit = False
    with entry.dbapi_connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_open ()")
    pool.take_back(entry)
    assert pool.lent() is entry
    assert entry.dbapi_connection.autocommit
    pool.take_back(entry)
    assert read(Text("SELECT to_regclass('left_open')", columns="name")).scalar_one() is None


def test_what_fails_is_told_and_the_connection_rests_again(pool):
    before = read(PROCESS).scalar_one()
    with pytest.raises(DBAPIError, match="division by zero") as told:
        read(WRONG, {"number": 0})
    assert told.value.statement == WRONG.text
    assert not told.value.connection_invalidated
    assert read(PROCESS).scalar_one() == before
    assert (pool.checkedin(), pool.checkedout()) == (1, 0)


def test_a_connection_that_is_lost_meanwhile_is_given_away(pool):
    before = read(PROCESS).scalar_one()
    with pytest.raises(DBAPIError) as told:
        read(END_IT)
    assert told.value.connection_invalidated
    assert read(PROCESS).scalar_one() != before
    assert (pool.checkedin(), pool.checkedout()) == (1, 0)


def test_a_free_connection_is_waited_for_a_while(pool):
    assert pool.timeout() == pool.recreate().timeout() == PATIENCE


def test_who_waits_for_a_connection_gets_the_one_that_was_lent(pool, monkeypatch):
    monkeypatch.setattr(pool, "_timeout", 10)
    entry, got = pool.lent(), []
    others = [pool.connect() for _ in range(pool.size() + pool._max_overflow - 1)]
    waiting = threading.Thread(target=lambda: got.append(pool.connect()))
    waiting.start()
    time.sleep(0.05)
    assert not got
    pool.take_back(entry)
    waiting.join()
    assert got[0].dbapi_connection is entry.dbapi_connection
    for one in [*others, *got]:
        one.close()
    assert (pool.checkedin(), pool.checkedout()) == (pool.size(), 0)
