"""Statements that are written once: they say and answer what they did when they were made of columns."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import ARRAY, Date, String, Uuid, bindparam, cast, column, false, func, literal, null, select, update
from sqlalchemy.exc import ArgumentError, StatementError

from webapp.db import db, transaction
from webapp.models.accounts import User
from webapp.models.issues import Issue, Priority
from webapp.models.projects import Project
from webapp.reading import Built, Gathered, Lines, Text, gathered, read


@pytest.fixture
def issue(app, ada, make):
    return make.issue(make.project(ada, key="WALL"), ada, title="100% of a :stone \\: is loose")


@pytest.fixture(autouse=True, params=["prepared", "sent"])
def here(request, app, monkeypatch):
    """Each test twice: with prepared statements, and as behind a pooler."""
    with app.app_context():
        driver = db.engine.connection.dbapi_connection  # type: ignore[attr-defined]
        assert driver.prepares
        monkeypatch.setattr(driver, "prepares", request.param == "prepared")
        yield


def test_values_are_bound_and_columns_have_names_and_types(issue):
    own = select(Issue.title, Issue.priority, Issue.created_at, User.name).join(User, User.id == Issue.author_id)
    wanted = own.where(Issue.id == bindparam("id"), Issue.priority == Priority.NONE)
    row = read(Built(wanted), {"id": issue.id}).one()
    assert (row.title, row.name) == (issue.title, "Ada")
    assert (row.priority, row.created_at) == (Priority.NONE, issue.created_at)
    assert tuple(row) == tuple(db.session.execute(wanted, {"id": issue.id}).one())


def test_a_gathered_row_is_what_its_columns_say_and_the_same_until_they_change(issue):
    is_open = Issue.due_on.is_(None).label("is_open")
    columns = Issue.id, Issue.title, Project.visibility, Issue.created_at, Issue.deleted_at, is_open, User.handle
    more = cast(Issue.created_at, Date).label("day"), Issue.due_on, Issue.priority
    own = (
        select(*columns, func.array_agg(User.id).over().label("all"), *more)
        .select_from(Issue)
        .join(User, User.id == Issue.author_id)
        .join(Project, Project.id == Issue.project_id)
    )
    whole = own.where(Issue.id == bindparam("id"))
    told = Gathered(whole, lambda row: row)
    first = gathered(told, {"id": issue.id})
    row = db.session.execute(whole, {"id": issue.id}).one()
    assert (first, first._fields, first.created_at.tzinfo) == (tuple(row), tuple(row._fields), UTC)
    assert gathered(told, {"id": issue.id}) is first
    title = '\u00dcber "all" {1,NULL}\n'
    db.session.execute(update(Issue).where(Issue.id == issue.id).values(title=title))
    db.session.commit()
    changed = gathered(told, {"id": issue.id})
    assert (changed.title, changed[2:]) == (title, first[2:])
    assert gathered(told, {"id": 0}) is None


def test_lines_are_what_a_part_of_a_statement_finds_in_its_order():
    texts = literal(["b", "two\nlines", "a"], ARRAY(String))
    each = func.unnest(texts).table_valued(column("said", String), name="each").render_derived()
    lines = Lines(select(each.c.said).order_by(each.c.said.desc()), lambda row: [row.said], 10)
    told = read(Built(select(lines.told.label("told")))).one().told
    assert lines.of(told) == [["two\nlines"], ["b"], ["a"]]
    assert lines.of(told)[0] is lines.of(told)[0]
    assert lines.of(read(Built(select(Lines(select(each.c.said).where(false()), tuple, 1).told))).scalar_one()) == []


def test_what_json_does_not_tell_as_it_is_is_not_gathered():
    for value in (literal(b"bytes"), literal(UUID(int=1), Uuid)):
        with pytest.raises(TypeError):
            Gathered(select(value), tuple)


def test_it_serves_again_with_other_values(issue):
    found = Built(select(Issue.number).where(Issue.id == bindparam("id")))
    assert [read(found, {"id": id}).scalars() for id in (issue.id, 0, issue.id)] == [[1], [], [1]]


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
        read(Built(select(Issue.number).where(Issue.id.in_(bindparam("ids", expanding=True)))), {"ids": [1]})


def test_a_list_that_never_changes_is_written_out(issue):
    own = Built(select(Issue.number).where(Issue.id == bindparam("id"), Issue.number.in_([1, 2])))
    assert read(own, {"id": issue.id}).scalar_one() == 1


def test_a_statement_by_hand_has_values_and_names(issue):
    found = Text(
        "SELECT number, title LIKE '100%' FROM issues WHERE id = :id AND title LIKE :like AND number = ANY(:numbers)",
        "id bigint, like text, numbers int[]",
        "number fits",
    )
    (row,) = read(found, {"id": issue.id, "like": "100\\%%", "numbers": [1, 2]})
    assert (row.number, row.fits) == (1, True)


def test_a_statement_by_hand_names_all_of_its_columns(app):
    with pytest.raises(StatementError, match="gives 2 columns, and names 1"):
        read(Text("SELECT 1, 2", "", "one"))


def test_a_change_by_hand_needs_a_transaction(issue):
    renamed = Text(
        "UPDATE issues SET title = :title WHERE id = :id RETURNING title", "title text, id bigint", "title"
    )
    with pytest.raises(RuntimeError):
        read(renamed, {"title": "Lost", "id": issue.id})
    locked = Text("SELECT title FROM issues WHERE id = :id FOR UPDATE", "id bigint", "title")
    assert read(locked, {"id": issue.id}).scalar_one() == issue.title

    @transaction
    def rename():
        return read(renamed, {"title": "Kept", "id": issue.id}).scalar_one()

    assert rename() == "Kept"
