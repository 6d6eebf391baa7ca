"""What is prepared on a connection, and what may befall it: never an error, never another answer."""

from contextlib import closing

import pytest
from sqlalchemy.exc import DBAPIError

from tests.databases import connected
from webapp import create_app
from webapp.connections import Unprepared
from webapp.db import db, transaction
from webapp.reading import Text, read

NAME = Text("SELECT name FROM stones ORDER BY name", "", "name")
HEAVY = Text("SELECT name FROM stones WHERE weight > :weight", "weight bigint", "name", custom=True)


@pytest.fixture(autouse=True)
def life(migrated, settings):
    """Cairn as in life, whose connections rest in autocommit, with a table of the test's own."""
    app = create_app(settings)
    with app.app_context():
        run(
            "CREATE TABLE stones (name text, weight bigint)", "INSERT INTO stones VALUES ('granite', 3), ('slate', 1)"
        )
        yield app
        db.session.remove()
        run("DROP TABLE stones")
        db.engine.dispose()


def run(*statements):
    """On the connection that is used next: the pool gives back what came last."""
    with db.engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def found(statement):
    with db.engine.connect() as connection:
        return connection.exec_driver_sql(statement).all()


def prepared():
    return found("SELECT name, generic_plans, custom_plans FROM pg_prepared_statements")


def driver():
    with db.engine.connect() as connection:
        return connection.connection.dbapi_connection


def names():
    return read(NAME).scalars()


@transaction
def names_in_a_transaction():
    return names()


def test_a_statement_is_prepared_once_and_has_one_plan_for_all():
    for _ in range(10):
        assert names() == ["granite", "slate"]
    assert prepared() == [(NAME.name, 10, 0)]


def test_what_needs_its_values_is_planned_with_them():
    assert read(HEAVY, {"weight": 2}).scalars() == ["granite"]
    assert not prepared()


def test_a_table_may_be_altered_under_it():
    assert names() == ["granite", "slate"]
    for kind in ("varchar(20)", "text"):
        run(f"ALTER TABLE stones ALTER name TYPE {kind}")
        assert names() == ["granite", "slate"]
    assert [name for name, *_ in prepared()] == [NAME.name]


def test_in_a_transaction_it_is_begun_anew():
    assert names() == ["granite", "slate"]
    run("ALTER TABLE stones ALTER name TYPE varchar(20)")
    with pytest.raises(DBAPIError) as refused:
        names_in_a_transaction()
    assert isinstance(refused.value.orig, Unprepared)
    assert names_in_a_transaction() == ["granite", "slate"]
    assert [name for name, *_ in prepared()] == [NAME.name]


def test_a_session_that_was_reset_is_prepared_anew():
    assert names() == ["granite", "slate"]
    run("DEALLOCATE ALL")
    assert names() == ["granite", "slate"]
    assert [name for name, *_ in prepared()] == [NAME.name]


@pytest.mark.parametrize("ask", [names, names_in_a_transaction])
def test_what_is_lost_again_and_again_is_sent_as_it_is(ask):
    """So it is behind a pooler that passes for PostgreSQL: the next statement may be another process's."""
    for _ in range(2):
        assert names() == ["granite", "slate"]
        run("DEALLOCATE ALL")
    if ask is names_in_a_transaction:
        with pytest.raises(DBAPIError):
            ask()
    assert [ask() for _ in range(3)] == [["granite", "slate"]] * 3
    assert (prepared(), driver().prepares) == ([], False)


def test_what_somebody_else_prepared_is_not_asked():
    run(f"PREPARE {NAME.name} AS SELECT 'gravel'")
    assert names() == ["granite", "slate"]
    assert not driver().prepares


def test_a_mistake_is_told_as_it_was():
    wrong = Text("SELECT 1 / :none", "none int", "ratio")
    with pytest.raises(DBAPIError) as refused:
        read(wrong, {"none": 0})
    assert refused.value.orig.pgcode == "22012"
    assert names() == ["granite", "slate"]


def test_a_connection_that_died_is_known_as_lost(database):
    assert names() == ["granite", "slate"]
    with closing(connected(database)) as killer, killer.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", (driver().info.backend_pid,))
    with pytest.raises(DBAPIError) as refused:
        names()
    assert refused.value.connection_invalidated
    assert names() == ["granite", "slate"]
