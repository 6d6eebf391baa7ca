"""What is kept in two processes, and changed in another: real commits, each on a connection of its own."""

from contextlib import closing

import pytest

from tests.clients import Api, Browser
from tests.databases import connected
from tests.make import Make
from tests.prepared import migrated_database
from webapp import create_app, keeping

LIST = "/projects/WALL/issues"


@pytest.fixture(scope="module")
def address(database):
    with migrated_database(database) as own:
        yield own


@pytest.fixture
def workers(address, settings, monkeypatch):
    """Two applications on one database, which keep what they keep apart from each other."""
    monkeypatch.setattr(keeping, "PARANOID", False)
    return [create_app(settings.model_copy(update={"database_url": address})) for _ in range(2)]


def test_what_one_changes_the_other_shows_at_once(workers, address):
    make = Make(workers[0])
    ada = make.person("Ada")
    make.issue(make.project(ada, key="WALL"), ada, title="Stone 0")
    looks = [Browser(app, ada) for app in workers]
    for number in range(1, 4):
        assert all(f"Stone {number - 1}" in look.get(LIST).text for look in looks * 2)
        Api(workers[number % 2], ada, {}).patch(f"{LIST}/1", {"title": f"Stone {number}"})
        assert all(f"Stone {number}" in look.get(at).text for look in looks for at in (LIST, f"{LIST}/1"))
    with closing(connected(address)) as psql, psql.cursor() as cursor:
        psql.autocommit = False
        cursor.execute("UPDATE issues SET title = 'By hand'")
        assert all("Stone 3" in look.get(LIST).text for look in looks * 2)  # and is kept so meanwhile
        psql.commit()
        assert all("By hand" in look.get(LIST).text for look in looks)
        cursor.execute("UPDATE issues SET title = 'Not at all'")
        psql.rollback()
        assert all("By hand" in look.get(LIST).text for look in looks)
        cursor.execute("UPDATE users SET name = 'Countess'")
        psql.commit()
        assert all("Countess" in look.get(LIST).text for look in looks)
    for app in workers:
        assert len(app.extensions["keeping"])
