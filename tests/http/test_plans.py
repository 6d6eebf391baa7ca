"""What is opened most is planned once: after the first look nothing is left to plan, in PostgreSQL or here."""

import re

import pytest

from webapp.connections import Cursor
from webapp.db import db

PLANNED = [
    ("/projects/WALL", "json"),
    ("/projects/WALL/issues", "json"),
    ("/projects/WALL/issues?limit=2", "json"),
    ("/projects/WALL/issues/1", "json"),
    ("/projects/WALL/members", "json"),
    ("/projects/WALL/milestones", "json"),
    ("/projects/WALL/views", "json"),
    ("/projects", "json"),
    ("/auth/me", "json"),
    ("/", "page"),
    ("/projects", "page"),
    ("/projects/WALL", "page"),
    ("/projects/WALL/issues", "page"),
    ("/projects/WALL/issues?q=is:closed", "page"),
    ("/projects/WALL/issues/1", "page"),
    ("/projects/WALL/issues/1/edit", "page"),
    ("/projects/WALL/issues/new", "page"),
    ("/projects/WALL/statuses", "page"),
    ("/projects/WALL/members", "page"),
    ("/projects/WALL/milestones", "page"),
    ("/projects/WALL/views", "page"),
]
PLANS = "SELECT coalesce(sum(generic_plans), 0), coalesce(sum(custom_plans), 0) FROM pg_prepared_statements"


@pytest.fixture
def wall(ada, make):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    for number in range(3):
        make.comment(project, make.issue(project, ada, title=f"Issue {number}", labels=["bug"]), ada)
    return project


@pytest.fixture
def wire(monkeypatch):
    """Whatever is sent to PostgreSQL from here on, as it is sent."""
    sent = []
    execute = Cursor.execute

    def noted(cursor, query, values=None):
        sent.append(query if isinstance(query, str) else query.decode())
        return execute(cursor, query, values)

    monkeypatch.setattr(Cursor, "execute", noted)
    return sent


@pytest.fixture
def plans(app):
    """How often a plan for all values was used on the connection of the test, and one for some."""

    def counted():
        with app.app_context(), db.engine.connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(PLANS)
            return cursor.fetchone()

    return counted


@pytest.mark.parametrize(("url", "tongue"), PLANNED)
def test_what_is_opened_most_is_planned_once(app, api, browser, ada, wall, wire, plans, url, tongue):
    """Though nothing of it was kept."""
    asked = browser(ada) if tongue == "page" else api(ada)

    def look():
        app.extensions["keeping"].clear()
        asked.get(url)

    look(), look()  # the first look writes the statements, and renders what was never rendered
    general, own = plans()
    wire.clear()
    look(), look()
    executed = len(wire)
    assert [one for one in wire if not one.startswith("EXECUTE cairn_")] == []
    assert plans() == (general + executed, own)


def test_a_new_issue_is_planned_once(api, ada, wall, wire, plans):
    client = api(ada)
    for _ in range(2):
        client.post("/projects/WALL/issues", {"title": "Stone"})
    general, own = plans()
    wire.clear()
    for _ in range(3):
        client.post("/projects/WALL/issues", {"title": "Stone"})
    sent = [one for one in wire if not re.search("SAVEPOINT|SET CONSTRAINTS", one)]
    assert [one for one in sent if not one.startswith("EXECUTE cairn_")] == []
    assert plans() == (general + len(sent), own)


def test_who_looks_is_a_value_and_no_statement_of_its_own(browser, make, wall, wire):
    """Else each of a thousand people would have plans of their own on each connection."""
    pages = [url for url, tongue in PLANNED if tongue == "page"]

    def looked(person):
        wire.clear()
        for url in pages:
            browser(person).get(url)
        return {one for one in wire if one.startswith("PREPARE")}

    looked(make.member(wall, "member"))
    assert looked(make.member(wall, "member")) == set()
    assert wire
