"""What is written by one statement is committed with it, if rights are as they were seen; and in the ordinary way else."""

from contextlib import closing
from typing import Any

import psycopg2
import pytest
from sqlalchemy import text

from tests.clients import Api
from tests.committed import committing
from tests.databases import connected
from tests.make import Make
from webapp import connections, single
from webapp.auth import repository as auth
from webapp.contexts import noted
from webapp.db import db, transacting, transaction
from webapp.editing import opening
from webapp.faults import DBAPIError, state
from webapp.issues import repository as issues
from webapp.issues.schemas import IssueIn
from webapp.models.projects import Project
from webapp.opened import OPEN
from webapp.projects import standing
from webapp.reading import Text, read
from webapp.references import written

RENAMED = Text("UPDATE projects SET name = 'Late' WHERE id = :id", "id bigint")
WRITTEN = {
    "issue": ("/projects/WALL/issues", {"title": "A stone is loose", "body": "The third from the left."}),
    "comment": ("/projects/WALL/issues/1/comments", {"body": "The third from the left."}),
}
COUNTED = "SELECT (SELECT count(*) FROM issues) + (SELECT count(*) FROM comments) + (SELECT count(*) FROM events)"
TAKEN = {
    "DELETE FROM memberships WHERE user_id = %(mona)s": 404,
    "UPDATE memberships SET role = 'viewer' WHERE user_id = %(mona)s": 403,
    "UPDATE projects SET archived_at = now()": 403,
    "UPDATE sign_ins SET revoked_at = now() WHERE user_id = %(mona)s": 401,
    "UPDATE sign_ins SET ends_at = now() WHERE user_id = %(mona)s": 401,
    "UPDATE users SET is_active = false WHERE id = %(mona)s": 403,
    "UPDATE users SET token_epoch = token_epoch + 1 WHERE id = %(mona)s": 401,
}
OTHERWISE = [
    "UPDATE memberships SET role = 'owner' WHERE user_id = %(mona)s",
    "UPDATE users SET is_admin = true WHERE id = %(mona)s",
    "UPDATE projects SET visibility = 'public'",
    "UPDATE projects SET private_role = 'maintainer'",
]


class Ground:
    """A project with an issue, and somebody who works there; its commits are real ones."""

    def __init__(self, app: Any) -> None:
        self.app, self.url = app, app.config["SETTINGS"].database_url
        self.make = Make(app)
        ada = self.make.person("Ada")
        self.project = self.make.project(ada, key="WALL")
        self.mona = self.make.member(self.project, "member")
        self.make.issue(self.project, ada)
        self.api = Api(app, self.mona, {})

    def run(self, statement: str) -> Any:
        with closing(connected(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, {"mona": self.mona.id})
            return cursor.fetchone()[0] if cursor.description else None


@pytest.fixture(scope="module")
def app(settings):
    with committing(str(settings.database_url), settings) as made:
        yield made


@pytest.fixture
def ground(app):
    with closing(connected(app.config["SETTINGS"].database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE users, projects CASCADE")
    return Ground(app)


@pytest.fixture
def sent(monkeypatch):
    """What goes to PostgreSQL, a message each."""
    told: list[str] = []
    ask = connections.Connection._bounded

    def note(connection, act, *arguments):
        if arguments:  # else an end of what was never begun
            told.append(arguments[0] if isinstance(arguments[0], str) else arguments[0].decode())
        return ask(connection, act, *arguments)

    monkeypatch.setattr(connections.Connection, "_bounded", note)
    return told


@pytest.fixture
def late(ground, monkeypatch):
    """Lets something happen between the look at rights and the statement; notes what became of that."""
    became: list[str] = []
    alone = single.alone

    def let(what, place=standing):
        def after(act):
            if callable(what):
                what(noted()[OPEN].driver)
            else:
                ground.run(what)
            try:
                found = alone(act)
            except DBAPIError as error:
                became.append(state(error))
                raise
            became.append("committed" if found is not None else "left")
            return found

        monkeypatch.setattr(place, "alone", after)
        return became

    return let


@pytest.mark.parametrize("what", WRITTEN)
def test_there_and_back_once_is_enough(ground, sent, what):
    path, body = WRITTEN[what]
    ground.api.post(path, body)
    del sent[:]
    ground.api.post(path, body)
    assert {one.partition(" ")[0] for one in sent} == {"EXECUTE"}  # and neither BEGIN nor COMMIT


@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize("taken", TAKEN)
def test_a_right_that_was_taken_meanwhile_is_not_used(ground, late, what, taken):
    before, became = ground.run(COUNTED), late(taken)
    path, body = WRITTEN[what]
    ground.api.post(path, body, status=TAKEN[taken])
    assert became == ["RS001"]
    assert ground.run(COUNTED) == before


@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize("changed", OTHERWISE)
def test_with_another_right_that_is_enough_it_is_written_in_the_ordinary_way(ground, late, what, changed):
    before, became = ground.run(COUNTED), late(changed)
    path, body = WRITTEN[what]
    ground.api.post(path, body)
    assert became == ["RS001"]
    assert ground.run(COUNTED) == before + 2  # and its event


@pytest.mark.parametrize("what", WRITTEN)
def test_what_is_sent_under_a_key_is_committed_with_the_key(ground, late, what):
    became = late("SELECT 1")
    path, body = WRITTEN[what]
    first = ground.api.post(path, body, headers={"Idempotency-Key": "a-stone"})
    assert ground.api.post(path, body, headers={"Idempotency-Key": "a-stone"}) == first
    assert became == []


@pytest.mark.parametrize("more", [{"labels": ["bug"]}, {"assignees": True}, {"body": "As in #1."}])
def test_what_is_more_than_one_statement_is_not_tried(ground, late, more):
    became = late("SELECT 1")
    ground.make.label(ground.project, ground.mona, "bug")
    more = {"assignees": [ground.mona.id]} if "assignees" in more else more
    ground.api.post("/projects/WALL/issues", {"title": "A stone is loose", **more})
    assert became == []


def only_read(driver):
    with driver.cursor(cursor_factory=psycopg2.extensions.cursor) as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")


def lose(driver):
    with closing(connected(driver.dsn)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [driver.info.backend_pid])


@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize(("gone", "told"), [(only_read, "25006"), (lose, "")])
def test_a_server_that_is_no_longer_there_refuses_it_as_it_does_others(ground, late, what, gone, told):
    before, became = ground.run(COUNTED), late(gone)
    path, body = WRITTEN[what]
    assert ground.api.send("POST", path, json=body, status=503).headers["Retry-After"]
    assert became == [told]
    assert ground.run(COUNTED) == before
    with ground.app.app_context():
        pool: Any = db.engine.pool
        assert pool.checkedout() == 0


def test_where_nothing_can_be_written_nothing_is_counted_and_nobody_refused(ground, late):
    became = late(only_read, place=auth)
    ground.api.get("/search?q=stone")
    assert became == ["25006"]


@transaction
def open_and_fall(project, draft, by):
    opening.create(project, draft, by)
    raise ZeroDivisionError


def test_what_belongs_to_a_larger_change_is_undone_with_it(ground):
    before = ground.run(COUNTED)
    with ground.app.app_context(), pytest.raises(ZeroDivisionError):
        open_and_fall(ground.project, IssueIn(title="A stone is loose"), ground.mona)
    assert ground.run(COUNTED) == before


@pytest.mark.parametrize(
    "write",
    [
        lambda told: read(RENAMED, {"id": told.project.id}),
        lambda told: db.session.execute(text("SELECT 1")),
        lambda told: issues.assign(told.issue_id, [told.by.id]),
        lambda told: issues.tie_labels(told.issue_id, [1]),
    ],
)
def test_nothing_is_written_after_it(ground, monkeypatch, write):
    def tell(told):
        with pytest.raises(RuntimeError, match="committed with the statement"):
            write(told)

    monkeypatch.setattr(opening, "tell", tell)
    ground.api.post("/projects/WALL/issues", {"title": "A stone is loose"})


def test_what_the_session_is_to_write_belongs_to_the_change(ground):
    with ground.app.app_context(), transacting() as session:
        assert single.is_alone()
        session.add(Project(key="LATE", name="Late"))
        assert not single.is_alone()
        session.expunge_all()


def test_who_listens_to_texts_says_which_concern_them(monkeypatch):
    assert len(written.concerns) == len(written.listeners)
    monkeypatch.setattr(written, "listeners", [*written.listeners, print])
    assert written.is_heard("A stone is loose", ())
