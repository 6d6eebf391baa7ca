"""Within a transaction what is read is read on its connection; on none, when all of it can only be undone."""

from contextlib import closing
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError, PendingRollbackError

from tests.committed import committing
from tests.databases import connected
from tests.make import Make
from webapp.contexts import noted
from webapp.db import after_commit, db, is_changing, transacting, transaction
from webapp.models.projects import Project
from webapp.reading import Text, read

NUMBERS = count(1)
ANSWER = Text("SELECT 42 AS answer", "", "answer")
RENAMED = Text("UPDATE projects SET name = :name WHERE id = :id", "id bigint, name text")
NO_KEY = Text("UPDATE projects SET key = NULL WHERE id = :id", "id bigint")
KEY = Text("UPDATE projects SET key = 'LATE' WHERE false RETURNING key", "", "key", custom=True)


@pytest.fixture(scope="module")
def app(settings):
    with committing(str(settings.database_url), settings) as made:
        yield made


@pytest.fixture(autouse=True)
def here(app):
    with app.app_context():
        yield


@pytest.fixture
def wall(app):
    made = Make(app)
    return made.project(made.person(), key=f"WALL{next(NUMBERS)}").id


def asked_after_a_flush_that_failed(statement):
    with transacting() as session:
        session.add(Project(key=None, name="The wall"))
        with pytest.raises(IntegrityError):
            session.flush()
        read(statement)


@pytest.mark.parametrize("statement", [ANSWER, KEY])
def test_nothing_is_asked_after_a_flush_that_failed(statement):
    with pytest.raises(PendingRollbackError, match="rolled back due to a previous exception"):
        asked_after_a_flush_that_failed(statement)
    assert read(ANSWER).scalar_one() == 42


def test_what_is_done_after_a_commit_is_no_part_of_it():
    seen = []
    with transacting():
        after_commit(lambda: seen.append((is_changing(), read(ANSWER).scalar_one())))
    assert seen == [(False, 42)]


def test_a_session_is_made_only_for_who_asks_it():
    with transacting():
        assert read(ANSWER).scalar_one() == 42
    assert not db.session.registry.has()


def test_nor_is_any_of_sqlalchemy_s_connections(wall, monkeypatch):
    def made(*_):
        raise AssertionError("A connection was made.")

    monkeypatch.setattr(Connection, "__init__", made)
    with transacting():
        read(RENAMED, {"id": wall, "name": "By statement alone"})
    monkeypatch.undo()
    assert db.session.get(Project, wall).name == "By statement alone"


def end_another(process):
    with closing(connected(db.engine.url.render_as_string(hide_password=False))) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])


def test_a_commit_that_is_not_answered_fails_as_a_statement_does(wall):
    transaction = transacting()
    transaction.__enter__()
    read(RENAMED, {"id": wall, "name": "Never"})
    end_another(noted()["open"].driver.info.backend_pid)
    with pytest.raises(OperationalError) as failed:
        transaction.__exit__(None, None, None)
    assert failed.value.connection_invalidated
    assert db.session.get(Project, wall).name != "Never"
    db.session.remove()
    pool: Any = db.engine.pool
    assert pool.checkedout() == 0


@transaction
def rename_and_take_the_key_away(wall):
    read(RENAMED, {"id": wall, "name": "Never"})
    read(NO_KEY, {"id": wall})


def test_a_statement_that_fails_leaves_a_connection_that_can_be_used(wall):
    with pytest.raises(IntegrityError):
        rename_and_take_the_key_away(wall)
    assert db.session.get(Project, wall).name != "Never"
    db.session.remove()
    pool: Any = db.engine.pool
    assert pool.checkedout() == 0


def test_what_the_session_writes_is_committed_with_the_rest(wall):
    with transacting() as session:
        read(RENAMED, {"id": wall, "name": "By statement"})
        project = session.get(Project, wall)
        assert project.name == "By statement"
        project.description = "By session"
    with transacting() as session:
        session.expire_all()
        assert (session.get(Project, wall).name, session.get(Project, wall).description) == (
            "By statement",
            "By session",
        )


def fail_after_both(wall, flush):
    with transacting() as session:
        read(RENAMED, {"id": wall, "name": "Never"})
        session.get(Project, wall).description = "Never"
        flush(session)
        raise ZeroDivisionError


@pytest.mark.parametrize("flush", [lambda session: session.flush(), lambda session: None], ids=["flushed", "not"])
def test_what_fails_leaves_nothing_of_either(wall, flush):
    with pytest.raises(ZeroDivisionError):
        fail_after_both(wall, flush)
    db.session.remove()
    assert {db.session.get(Project, wall).name, db.session.get(Project, wall).description} & {"Never"} == set()


def test_a_connection_goes_back_whatever_comes_of_it(wall):
    pool: Any = db.engine.pool
    with transacting():
        assert pool.checkedout() == 1
    with pytest.raises(ZeroDivisionError):
        fail_after_both(wall, lambda session: None)
    db.session.remove()
    assert pool.checkedout() == 0
