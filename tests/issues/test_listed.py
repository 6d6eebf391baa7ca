"""Lists that are read from one table: they tell what rows of the whole told, to clients byte for byte."""

import pytest
from pydantic import TypeAdapter
from sqlalchemy import text

from tests.make import Make
from webapp.db import db, transacting
from webapp.issues.rows import LISTED, listed
from webapp.issues.schemas import IssueItem
from webapp.lists import orders, queries, words
from webapp.lists.vocabulary import SORTS
from webapp.models.issues import Issue
from webapp.paging import whole
from webapp.projects import service as projects
from webapp.reading import read
from webapp.types import Slice

EVERY = [f"{name}-{way}" for name in SORTS for way in ("asc", "desc")]
ODD = 'Stein "los" \\ <b> & \x7f\x1f\t\N{SNOWMAN}\N{LINE SEPARATOR}\U0001f600 #1'
SCHEMA = TypeAdapter(Slice[IssueItem])


@pytest.fixture
def rich(make, ada, api):
    """A project with issues of many kinds."""
    project = make.project(ada, key="WALL", visibility="public")
    for name in ("Zebra", "apple", "Ähre", "apple/2", 'quote "x"'):
        make.label(project, ada, name)
    people = [make.member(project, "member") for _ in range(3)]
    milestone = api(ada).post("/projects/WALL/milestones", {"title": "Ünd 1.0"})["id"]
    make.issue(project, ada)
    make.issue(project, people[0], title=ODD, labels=["Zebra", "apple", "Ähre"], assignees=[p.id for p in people])
    make.issue(
        project, ada, title="Planned", milestone=milestone, parent=1, due_on="2031-02-03", start_on="1999-12-31",
        estimate=5, priority="urgent", labels=['quote "x"', "apple/2"],
    )  # fmt: skip
    closed = make.issue(project, ada, title="Closed", assignees=[people[2].id], priority="low")
    api(ada).post(f"/projects/WALL/issues/{closed.number}/closure", {"close_reason": "not_planned"}, status=200)
    make.comment(project, closed, ada)
    make.issue(project, ada, title="A part of the odd one", parent=2)
    removed = make.issue(project, ada, title="Removed", labels=["Zebra"])
    make.issue(project, ada, title="Has lost its parent", parent=removed.number)
    api(ada).delete(f"/projects/WALL/issues/{removed.number}")
    return project


def again(app):
    return projects.get("WALL", None)


@pytest.mark.parametrize("state", ["open", "closed", "all"])
def test_they_are_the_rows_of_the_whole_and_their_json_is_the_schema_s(app, rich, state):
    for sort in EVERY:  # it only reads, and to make the project takes far longer
        rows = whole_rows(app, rich, state, sort)
        with app.app_context():
            page = queries.in_state(again(app), state, sort, None, 100)
            assert list(page) == rows, sort
            assert [page[place] for place in range(len(page))] == rows, sort
            assert list(reversed(page)) == rows[::-1] == list(page[::-1]), sort
            schema = SCHEMA.validate_python(whole(rows), from_attributes=True)
            assert b'{"items":%b,"total":%d,"next":null}' % (page.json, len(rows)) == SCHEMA.dump_json(schema), sort  # type: ignore[attr-defined]
        assert len(rows) == {"open": 5, "closed": 1, "all": 6}[state]


def whole_rows(app, project, state, sort):
    """Those of a state, of all that the project has, in that order."""
    columns = orders.order(sort).columns
    statement = LISTED.where(Issue.project_id == project.id).order_by(
        *(part.desc() if sort.endswith("desc") else part for part in columns)
    )
    with app.app_context():
        return [row for row in map(listed, read(statement)) if state in ("all", row.state)]


@pytest.mark.parametrize("query", ["", "?q=label:apple", "?limit=2", "?q=sort:priority&limit=1", "?state=closed"])
def test_the_answer_is_byte_for_byte_that_of_the_schema(app, api, ada, rich, query, monkeypatch):
    address = f"/projects/WALL/issues{query}"
    answer = api(ada).send("GET", address, status=200)
    monkeypatch.setattr(words.Words, "know", lambda *_: False)  # as if a word went at this moment
    other = api(ada).send("GET", address, status=200)
    assert answer.data == other.data
    assert dict(answer.headers).keys() == dict(other.headers).keys()
    assert len(answer.json["items"]) > 0


def test_pages_lead_on_and_back(api, ada, rich):
    first = api(ada).get("/projects/WALL/issues?limit=2")
    second = api(ada).get(first["next"])
    assert [item["number"] for item in (*first["items"], *second["items"])] == [7, 5, 3, 2]


IDS = "SELECT label_ids, assignee_ids FROM issues WHERE id = :id"


def ids(app, issue):
    with app.app_context():
        return tuple(db.session.execute(text(IDS), {"id": issue.id}).one())


def run(app, statement, **values):
    with app.app_context(), transacting() as session:
        session.execute(text(statement), values)


def test_the_ids_of_its_ties_stay_with_an_issue_whoever_ties(app, make: Make, ada):
    project = make.project(ada, key="WALL")
    labels = [make.label(project, ada, name).id for name in ("b", "a", "c")]
    issue, other = (make.issue(project, ada, labels=["a", "b"], assignees=[ada.id]) for _ in range(2))
    assert ids(app, issue) == (sorted(labels[:2]), [ada.id])
    run(app, "DELETE FROM issue_labels WHERE issue_id = :id AND label_id = :label", id=issue.id, label=labels[0])
    assert ids(app, issue) == ([labels[1]], [ada.id])
    run(app, "UPDATE issue_labels SET label_id = :label WHERE issue_id = :id", id=issue.id, label=labels[2])
    assert ids(app, issue) == ([labels[2]], [ada.id])
    run(app, "DELETE FROM issue_assignees")
    run(app, "DELETE FROM labels WHERE id = :label", label=labels[2])
    assert ids(app, issue) == ([], [])
    assert ids(app, other) == (sorted(labels[:2]), [])


def test_keeping_them_is_no_change_of_the_issue(app, make, ada):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "a")
    issue = make.issue(project, ada)
    state = "SELECT version, updated_at FROM issues WHERE id = :id"
    counted = "SELECT count(*) FROM tallies"
    with app.app_context():
        before = [db.session.execute(text(one), {"id": issue.id}).one() for one in (state, counted)]
    run(app, "INSERT INTO issue_labels SELECT :id, id FROM labels", id=issue.id)
    with app.app_context():
        assert [db.session.execute(text(one), {"id": issue.id}).one() for one in (state, counted)] == before
