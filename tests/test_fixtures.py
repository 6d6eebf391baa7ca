"""The fixtures themselves: what goes wrong in one test must not reach the next."""

from contextlib import closing, suppress

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.clients import Browser
from tests.conftest import LONGEST
from tests.databases import TIME_LIMITS, connected, rolled_back, undone
from tests.make import Make
from webapp.config import ROOT
from webapp.db import db


def test_no_time_limit_of_a_server_ends_a_test(app):
    with app.app_context():
        limits = {name: db.session.scalar(text(f"SHOW {name}")) for name in TIME_LIMITS[:3]}
    assert set(limits.values()) == {"0"}


def test_a_test_whose_connection_dies_takes_no_other_with_it(database, migrated):
    def backend():
        with migrated.app_context():
            return db.session.scalar(text("SELECT pg_backend_pid()"))

    with migrated.app_context():
        engine = db.engines[None]
    with suppress(DBAPIError), rolled_back(migrated):
        pid = backend()
        with closing(connected(database)) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    with migrated.app_context():
        assert db.engines[None] is engine
    with rolled_back(migrated):
        assert backend() != pid


def test_what_a_test_of_a_scene_does_is_not_seen_by_the_next(migrated):
    with rolled_back(migrated):
        make = Make(migrated)
        ada = make.person("Ada")
        project = make.project(ada, key="WALL")
        for here, gone in (("Loose", "Tight"), ("Tight", "Loose")):
            with undone(migrated):
                make.issue(project, ada, title=here)
                make.label(project, ada, name=here)
                for _ in range(2):
                    text = Browser(migrated, ada).get("/projects/WALL/issues").text
                    assert (here in text, gone in text) == (True, False)


def test_the_longest_files_are_there():
    """What was renamed would be begun last again, and nobody would notice."""
    assert [path for path in LONGEST if not (ROOT / path).is_file()] == []
