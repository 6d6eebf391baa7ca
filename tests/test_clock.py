"""Business times are told by the database's clock, whatever this machine's shows."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from webapp import clock
from webapp.db import db

HOUR = timedelta(hours=1)


@pytest.fixture
def ahead(app, monkeypatch):
    """A database whose clock is an hour ahead of this machine's."""
    monkeypatch.setattr(clock, "_read", None)
    keep(datetime.now(UTC) + HOUR)


def keep(at, took=0.0):
    answered = clock.counter()
    clock.keep(at, answered - took, answered)


def test_a_connection_brings_the_databases_clock(app):
    with app.app_context():
        db.engine.engine.dispose()
        with db.engine.engine.connect() as connection:
            told = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    assert clock._read is not None
    assert abs(clock.now() - told) < timedelta(seconds=5)


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="only Linux has a clock that stands still")
def test_a_sleep_of_this_machine_counts(monkeypatch):
    def after_an_hour(which, real=time.clock_gettime):
        return real(which) + (HOUR.total_seconds() if which == time.CLOCK_BOOTTIME else 0)

    monkeypatch.setattr(clock, "_read", None)
    keep(datetime.now(UTC))
    monkeypatch.setattr(time, "clock_gettime", after_an_hour)
    assert abs(clock.now() - datetime.now(UTC) - HOUR) < timedelta(seconds=5)


def test_an_answer_that_took_long_does_not_set_the_clock(ahead):
    keep(datetime.now(UTC), took=HOUR.total_seconds())
    assert abs(clock.now() - datetime.now(UTC) - HOUR) < timedelta(seconds=5)


def test_an_edit_is_not_before_what_it_edits(api, make, ada, ahead):
    project = make.project(ada)
    issue = make.issue(project, ada)
    comment = make.comment(project, issue, ada)
    address = f"/projects/{project.key}/issues/{issue.number}/comments/{comment.id}"
    edited = api(ada).send("PATCH", address, json={"body": "Two"}).json
    at = datetime.fromisoformat(edited["edited_at"])
    assert abs(at - datetime.now(UTC) - HOUR) < timedelta(minutes=1)


def test_a_host_whose_clock_is_wrong_is_told_so(api, monkeypatch, app):
    from webapp.ops import service

    assert "notes" not in api().get("/readyz")
    monkeypatch.setattr(service, "CLOCKS_APART", timedelta(0))
    (note,) = api().get("/readyz")["notes"]
    assert "clocks" in note
