"""What was noted stays: nobody changes it, what is undone leaves none, and a flood does not fill the disk."""

import json
import logging
from contextlib import closing

import pytest
from psycopg2.errors import InsufficientPrivilege
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.databases import connected
from tests.make import PASSWORD
from webapp.audit import repository
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import throttle
from webapp.db import db, transacting, transaction
from webapp.errors import Invalid
from webapp.jobs.worker import drain


@pytest.fixture
def noted(app, ada):
    """A record of today, and one that is older than thirty days."""
    with app.app_context(), transacting() as session:
        audit.note(Kind.LOGIN_OK, actor=ada, target=audit.person(ada))
        session.execute(text("INSERT INTO audit_records (at, kind) VALUES (now() - interval '31 days', 'old')"))


def rows(app, statement="SELECT kind FROM audit_records ORDER BY id"):
    with app.app_context():
        return list(db.session.scalars(text(statement)))


def refused(app, statement):
    with app.app_context(), pytest.raises(DBAPIError) as error, transacting() as session:
        session.execute(text(statement))
    return error.value.orig.pgcode == "42501"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_records SET kind = 'nothing'",
        "UPDATE audit_records SET kind = 'nothing' WHERE kind = 'old'",
        "DELETE FROM audit_records WHERE kind <> 'old'",
        "TRUNCATE audit_records",
        "TRUNCATE audit_records CASCADE",
    ],
)
def test_nothing_of_it_is_changed(app, noted, statement):
    assert refused(app, statement)
    assert rows(app) == ["authn_login_ok", "old"]


def test_what_is_old_goes(app, noted):
    with app.app_context(), transacting():
        assert repository.clear(30, 100) == 1
    assert rows(app) == ["authn_login_ok"]


def test_it_stays_for_as_long_as_the_setting_says(app, noted):
    with app.app_context():
        assert audit.clear() == 0
    assert len(rows(app)) == 2


def test_nobody_has_what_is_younger_than_thirty_days_deleted(app, noted):
    with app.app_context(), transacting():
        assert repository.clear(0, 100) == 1
    assert rows(app) == ["authn_login_ok"]


def test_a_worker_clears_it(app, noted):
    with app.app_context(), transacting() as session:
        session.execute(text("INSERT INTO audit_records (at, kind) VALUES (now() - interval '401 days', 'older')"))
        session.execute(text("INSERT INTO jobs (task, args) VALUES ('clear_audit_records', '{}')"))
    drain(app)
    assert rows(app) == ["authn_login_ok", "old"]


def test_a_role_that_may_add_and_read_can_do_no_more(migrated, database):
    """As docs/deployment.md has it for who does not let the application own the table."""
    if "cairn@" not in database:
        pytest.skip("roles are made by the server's own administrator")
    with closing(connected(database.replace("cairn@", "postgres@"))) as server, server.cursor() as cursor:
        cursor.execute("BEGIN; CREATE ROLE adds NOLOGIN; GRANT SELECT, INSERT ON audit_records TO adds")
        cursor.execute("INSERT INTO audit_records (at, kind) VALUES (now() - interval '31 days', 'old')")
        cursor.execute("SET LOCAL ROLE adds; INSERT INTO audit_records (kind) VALUES ('added'); SAVEPOINT before")
        for statement in ("DELETE FROM", "TRUNCATE", "ALTER TABLE audit_records DISABLE TRIGGER ALL; DELETE FROM"):
            with pytest.raises(InsufficientPrivilege):
                cursor.execute(f"{statement} audit_records")
            cursor.execute("ROLLBACK TO before")
        cursor.execute("SELECT clear_audit_records(0, 10)")
        assert cursor.fetchone() == (1,)
        cursor.execute("ROLLBACK")


@transaction
def undone(ada):
    audit.note(Kind.LOGIN_OK, actor=ada, target=audit.person(ada))
    raise Invalid.on("name", "is wrong")


def test_what_is_undone_leaves_no_record_and_no_line(app, ada, caplog):
    with app.app_context(), pytest.raises(Invalid):
        undone(ada)
    assert rows(app) == []
    assert "authn_login_ok" not in caplog.text


def test_what_outlasts_its_project_says_what_that_was_called(api, app, ada):
    api(ada).post("/projects", {"name": "Wall", "key": "WALL"})
    api(ada).delete("/projects/WALL")
    assert rows(app, "SELECT project_key FROM audit_records ORDER BY id") == ["WALL", "WALL"]


def test_a_flood_of_failures_is_counted(app, api, monkeypatch):
    """A hundred failures within a minute of one network: sixteen, and then those that double their number."""
    monkeypatch.setattr(throttle, "require_patience", lambda attempt: None)
    for number in range(100):
        api().post("/auth/login", {"email": f"nobody{number}@example.com", "password": PASSWORD}, status=401)
    told = rows(app, "SELECT after->>'in_this_minute' FROM audit_records ORDER BY id")
    assert told == [None] * 16 + ["32", "64"]


def test_a_minute_later_they_are_told_again(app, api, monkeypatch):
    monkeypatch.setattr(throttle, "require_patience", lambda attempt: None)
    for number in range(20):
        api().post("/auth/login", {"email": f"nobody{number}@example.com", "password": PASSWORD}, status=401)
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE login_failures SET last_at = now() - interval '61 s' WHERE key LIKE 'audit:%'"))
    api().post("/auth/login", {"email": "nobody@example.com", "password": PASSWORD}, status=401)
    assert len(rows(app)) == 17


def test_a_flood_from_many_networks_is_counted_as_well(app, api, monkeypatch):
    monkeypatch.setattr(audit, "OF_ALL", 4)
    for number in range(12):
        address = {"environ_base": {"REMOTE_ADDR": f"10.0.{number}.1"}}
        api().post("/auth/login", {"email": "nobody@example.com", "password": PASSWORD}, status=401, **address)
    told = rows(app, "SELECT after->>'from_everywhere' FROM audit_records ORDER BY id")
    assert told == [None] * 4 + ["8"]


def test_a_line_of_the_log_says_the_same(app, api, ada, caplog):
    caplog.set_level(logging.INFO, "cairn")
    answer = api().send("POST", "/auth/login", json={"email": ada.email, "password": PASSWORD}, status=200)
    line = next(one for one in caplog.records if one.name == "cairn.audit")
    assert line.message == "authn_login_ok"
    assert line.fields["user"] == ada.id
    assert line.fields["outcome"] == "ok"
    assert rows(app, "SELECT request_id FROM audit_records") == [answer.headers["X-Request-ID"]]
    assert ada.email not in json.dumps(line.fields)


def test_an_address_of_nobody_is_not_kept(app, api, caplog):
    """People type passwords into that field."""
    api().post("/auth/login", {"email": "hunter2@secret.example", "password": PASSWORD}, status=401)
    api().post("/auth/login", {"email": "hunter2@secret.example", "password": PASSWORD}, status=401)
    assert not any(rows(app, "SELECT count(*) FROM audit_records r WHERE r::text LIKE '%hunter2%'"))
    assert len(rows(app)) == 2


def test_a_status_says_what_it_was(api, ada, app):
    api(ada).post("/projects", {"name": "Wall", "key": "WALL"})
    made = api(ada).post("/projects/WALL/statuses", {"name": "Waiting", "category": "started"})
    for body in ({"name": "Held"}, {"name": "Held"}):
        api(ada).patch(f"/projects/WALL/statuses/{made['id']}", body)
    api(ada).delete(f"/projects/WALL/statuses/{made['id']}")
    told = rows(
        app, "SELECT jsonb_build_array(before->'name', after->'name') FROM audit_records WHERE id > 1 ORDER BY id"
    )
    assert told[-3:] == [[None, "Waiting"], ["Waiting", "Held"], ["Held", None]]


def test_a_project_that_is_saved_as_it_was_is_not_noted(api, ada, app):
    api(ada).post("/projects", {"name": "Wall", "key": "WALL"})
    api(ada).patch("/projects/WALL", {"name": "Wall"})
    assert rows(app) == ["project_created"]
