"""Statements that are written once: they say and answer what they did when they were made of columns."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Date, Uuid, bindparam, cast, func, literal, null, select
from sqlalchemy.exc import ArgumentError, StatementError

from webapp.accounts.models import User
from webapp.db import db
from webapp.issues.models import Issue, Priority
from webapp.reading import Built, read


@pytest.fixture
def issue(app, ada, make):
    return make.issue(make.project(ada, key="WALL"), ada, title="100% of a :stone \\: is loose")


@pytest.fixture(autouse=True)
def here(app):
    with app.app_context():
        yield


def test_values_are_bound_and_columns_have_names_and_types(issue):
    own = select(Issue.title, Issue.priority, Issue.created_at, User.name).join(User, User.id == Issue.author_id)
    wanted = own.where(Issue.id == bindparam("id"), Issue.priority == Priority.NONE)
    row = read(Built(wanted), {"id": issue.id}).one()
    assert (row.title, row.name) == (issue.title, "Ada")
    assert (row.priority, row.created_at) == (Priority.NONE, issue.created_at)
    assert tuple(row) == tuple(db.session.execute(wanted, {"id": issue.id}).one())


def test_it_serves_again_with_other_values(issue):
    found = Built(select(Issue.number).where(Issue.id == bindparam("id")))
    assert [read(found, {"id": id}).scalars().all() for id in (issue.id, 0, issue.id)] == [[1], [], [1]]


def test_casts_percents_and_colons_are_as_they_were():
    one = UUID(int=1)
    said = Built(
        select(
            cast(literal("2026-11-23"), Date),
            literal(one, Uuid).label("uuid"),
            literal("50 % :none ::x \\: %(y)s").label("text"),
            func.to_char(literal(datetime(2026, 11, 23, tzinfo=UTC)), "HH24:MI:SS").label("time"),
            (literal("100%").like("1%")).label("like"),
            null().label("nothing"),
        )
    )
    row = read(said).one()
    assert (row[0].isoformat(), row.uuid, row.text) == ("2026-11-23", one, "50 % :none ::x \\: %(y)s")
    assert (row.time, row.like, row.nothing) == ("00:00:00", True, None)


def test_a_value_that_is_missing_or_a_list_is_a_mistake():
    with pytest.raises(StatementError, match="id"):
        read(Built(select(Issue.number).where(Issue.id == bindparam("id"))))
    with pytest.raises(ArgumentError):
        read(Built(select(Issue.number).where(Issue.id.in_([1, 2]))))
