"""A migration alters tables under workers that have their statements prepared."""

from contextlib import closing

import pytest

from tests.databases import connected


@pytest.fixture
def alter(server):
    """Give what is told of each project another type; it is taken back in the end.

    One that no trigger looks at: those would have to go first.
    """

    def to(kind):
        with closing(connected(server.database)) as owner, owner.cursor() as cursor:
            cursor.execute(f"ALTER TABLE projects ALTER version TYPE {kind}")

    yield to
    to("bigint")


def test_pages_and_changes_go_on(server, ada, alter):
    project = server.project(ada)

    def asked():
        changed = server.ask("POST", f"{project}/issues", {"title": "Stone"}, by=ada).status
        return changed, server.ask("GET", project, by=ada).status

    for kind in ("integer", "bigint"):
        alter(kind)
        for worker in server.workers:
            with server.only(worker):
                assert [asked() for _ in range(3)] == [(201, 200)] * 3
