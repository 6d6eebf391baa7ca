"""No wait for the database's answer is without end."""

import threading
import time
from contextlib import closing
from io import StringIO

import psycopg2
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE, TRANSACTION_STATUS_INERROR, TRANSACTION_STATUS_INTRANS
from sqlalchemy import text

from webapp import create_app
from webapp.connections import Connection, Overdue
from webapp.db import db, transacting
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


MADE = "SELECT to_regclass('made')"
MAKE = "CREATE TABLE made (number bigint)"


@pytest.fixture
def beginning(hurried):
    """A connection at rest, whose next statement is to begin a transaction."""
    hurried.autocommit = True
    hurried.begin()
    yield hurried
    hurried.rollback()
    assert hurried.rests


def told(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def state(connection):
    return connection.info.transaction_status


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_a_transaction_begins_with_its_first_statement_and_ends_with_the_word(beginning, end):
    assert state(beginning) == TRANSACTION_STATUS_IDLE
    assert told(beginning, "SELECT 'Käse €'") == "Käse €"
    assert state(beginning) == TRANSACTION_STATUS_INTRANS
    getattr(beginning, end)()
    assert (state(beginning), beginning.rests) == (TRANSACTION_STATUS_IDLE, True)


def test_one_that_was_asked_for_nothing_ends_without_a_word(beginning):
    beginning.commit()
    told(beginning, "SELECT 1")
    assert state(beginning) == TRANSACTION_STATUS_IDLE


def test_all_of_it_is_undone_after_a_statement_that_failed(beginning):
    with beginning.cursor() as cursor:
        cursor.execute(MAKE)
        with pytest.raises(psycopg2.Error):
            cursor.execute("SELECT 1 / 0")
    assert state(beginning) == TRANSACTION_STATUS_INERROR
    beginning.commit()  # which undoes what has failed
    assert told(beginning, MADE) is None


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_what_failed_ends_behind_a_pooler_too(beginning, end):
    """The word that ends it brings no settings along: in a transaction that has failed they would be refused."""
    beginning.preface = "SET LOCAL lock_timeout = '7s'; "
    with beginning.cursor() as cursor, pytest.raises(psycopg2.Error):
        cursor.execute("SELECT 1 / 0")
    getattr(beginning, end)()
    assert (state(beginning), beginning.rests) == (TRANSACTION_STATUS_IDLE, True)


@pytest.mark.parametrize("wrong", [("SELECT %s", ("\0",)), ("SELECT %s", ("\ud800",)), ("SELECT SELECT", None)])
def test_what_never_came_to_the_server_has_begun_nothing(beginning, wrong):
    with beginning.cursor() as cursor:
        with pytest.raises((ValueError, psycopg2.Error)):
            cursor.execute(*wrong)
        cursor.execute(MAKE)
    assert state(beginning) == TRANSACTION_STATUS_INTRANS
    beginning.rollback()
    assert told(beginning, MADE) is None


def test_a_connection_that_cannot_be_brought_to_rest_is_not_lent_again(pool):
    with db.engine.connect() as taken:
        driver = taken.connection.dbapi_connection
        with driver.cursor() as cursor:
            cursor.execute("BEGIN")
            with pytest.raises(psycopg2.Error):
                cursor.execute("SELECT 1 / 0")
    assert driver.closed
    assert read(Text("SELECT 1", columns="one")).scalar_one() == 1


@pytest.mark.parametrize(
    "fill",
    [
        lambda cursor: cursor.copy_expert("COPY made FROM STDIN", StringIO("1\n2\n")),
        lambda cursor: cursor.executemany("INSERT INTO made VALUES (%s)", [(1,), (2,)]),
    ],
    ids=["COPY", "many"],
)
def test_what_cannot_bring_a_beginning_along_has_one_before_it(beginning, fill):
    with beginning.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE made (number bigint)")
        beginning.commit()
        beginning.begin()
        fill(cursor)
        assert state(beginning) == TRANSACTION_STATUS_INTRANS
        beginning.rollback()
        assert told(beginning, "SELECT count(*) FROM made") == 0


def test_settings_that_are_missing_come_with_its_first_statement_alone(beginning):
    beginning.preface = "SET LOCAL lock_timeout = '7s'; "
    assert told(beginning, "SHOW lock_timeout") == "7s"
    told(beginning, "SET LOCAL lock_timeout = '3s'; SELECT 1")
    assert told(beginning, "SHOW lock_timeout") == "3s"
    assert state(beginning) == TRANSACTION_STATUS_INTRANS


def test_a_change_has_the_connection_that_rests_and_gives_it_back(pool):
    rested = read(PROCESS).scalar_one()
    with transacting() as session:
        assert read(PROCESS).scalar_one() == rested
        assert session.scalar(text("SELECT pg_backend_pid()")) == rested
        assert pool.checkedout() == 1
    assert read(PROCESS).scalar_one() == rested
    assert (pool.checkedin(), pool.checkedout()) == (1, 0)


def test_a_change_that_loses_its_connection_leaves_none_to_others(pool):
    before = read(PROCESS).scalar_one()
    with pytest.raises(DBAPIError) as lost, transacting():
        read(END_IT)
    assert lost.value.connection_invalidated
    assert read(PROCESS).scalar_one() != before
    assert (pool.checkedin(), pool.checkedout()) == (1, 0)


def test_a_change_that_fails_leaves_nothing_and_gives_back_its_connection(pool):
    before = read(PROCESS).scalar_one()

    def fail():
        with transacting() as session:
            session.execute(text(MAKE))
            read(WRONG, {"number": 0})

    with pytest.raises(DBAPIError):
        fail()
    assert asked(MADE) is None
    assert read(PROCESS).scalar_one() == before
    assert (pool.checkedin(), pool.checkedout()) == (1, 0)


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
