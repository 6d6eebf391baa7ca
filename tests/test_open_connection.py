"""Within a transaction what is read is read on its connection; on none, when all of it can only be undone."""

import pytest
from sqlalchemy.exc import IntegrityError, PendingRollbackError

from tests.committed import committing
from webapp.db import after_commit, db, is_changing, transacting
from webapp.models.projects import Project
from webapp.reading import Text, read

ANSWER = Text("SELECT 42 AS answer", "", "answer")
KEY = Text("UPDATE projects SET key = 'LATE' WHERE false RETURNING key", "", "key", custom=True)


@pytest.fixture(scope="module")
def app(settings):
    with committing(str(settings.database_url), settings) as made:
        yield made


@pytest.fixture(autouse=True)
def here(app):
    with app.app_context():
        yield


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
    assert db.session.registry.has()
