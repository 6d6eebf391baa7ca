"""Who is deactivated, or no longer an administrator, while others are at work."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from time import monotonic, sleep

import pytest

from tests.conftest import KEY
from tests.databases import connected
from webapp import create_app
from webapp.auth import standing
from webapp.config import Settings
from webapp.errors import Conflict

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture(scope="module")
def commands(server):
    """The application of another process, as commands have it."""
    return create_app(Settings(_env_file=None, database_url=server.database, secret_key=KEY))


def test_of_two_last_administrators_who_go_at_once_one_stays(server, commands):
    """Each command by itself leaves one; both together must, too."""
    people = [server.person("Root"), server.person("Toor")]
    emails = [one.email for one in people]
    server.rows("UPDATE users SET is_admin = coalesce(email = ANY(%s), false) RETURNING id", emails)

    def go(act, email):
        with commands.app_context():
            try:
                act(email)
            except Conflict as refused:
                return str(refused)

    with closing(connected(server.database)) as other, other.cursor() as cursor, ThreadPoolExecutor(2) as threads:
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM users WHERE email = ANY(%s) FOR UPDATE", [emails])
        pairs = zip((standing.deactivate, standing.unmake_administrator), emails, strict=True)
        going = [threads.submit(go, act, email) for act, email in pairs]
        until = monotonic() + 1.5
        while server.rows(WAITING)[0] < 2 and monotonic() < until:
            sleep(0.02)
        cursor.execute("ROLLBACK")
        said = [one.result() for one in going]
    assert [bool(one) for one in said].count(True) == 1, said
    assert len(server.rows("SELECT id FROM users WHERE is_admin AND is_active")) == 1


def test_a_deactivated_person_is_out_in_every_process(server, commands):
    person = server.person("Gone")
    for worker in server.workers:
        with server.only(worker):
            assert server.ask("GET", "/auth/me", by=person).status == 200
    with commands.app_context():
        standing.deactivate(person.email)
    for worker in server.workers:
        with server.only(worker):
            assert server.ask("GET", "/auth/me", by=person).status == 403
