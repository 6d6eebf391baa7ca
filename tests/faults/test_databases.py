"""PostgreSQL is killed, and the control that shows that a loss would be seen; one that takes its place."""

import os
import signal
import time
from contextlib import ExitStack, closing, contextmanager, suppress

import pytest
from psycopg2 import OperationalError

from tests.databases import connected
from tests.faults.clusters import Cluster, ended
from tests.faults.ledger import Ledger, settle, wait, wait_until_started
from tests.server.running import Server

pytestmark = pytest.mark.faults

# Without waiting for the disk PostgreSQL writes every 200 ms what it has acknowledged; here it takes its time.
CARELESS = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "16MB"}
ROUNDS = 5


def test_r6_what_was_acknowledged_outlives_all_of_postgresql(server, postgres, ada, project, tell):
    workers = server.workers
    with Ledger(server, ada, project) as ledger:
        ledger.wait_for(20)
        postgres.kill()
        time.sleep(0.5)
        postgres.start()
        ledger.wait_for(20)
    tell("R6 kill -9 of all of PostgreSQL", settle(ledger, server.database, may=(503,)))
    assert server.workers == workers


@contextmanager
def careless(postgres):
    for name, value in CARELESS.items():
        postgres.rows(f"ALTER SYSTEM SET {name} = '{value}'")
    postgres.rows("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        for name in CARELESS:
            postgres.rows(f"ALTER SYSTEM RESET {name}")
        postgres.rows("SELECT pg_reload_conf()")


def test_r8_a_database_that_may_lose_is_seen_to_lose(server, postgres, ada, project, tell):
    """The control: whoever sees no loss here would see none anywhere."""
    with careless(postgres):
        for _ in range(ROUNDS):
            with Ledger(server, ada, project) as ledger:
                ledger.wait_for(30)
                postgres.kill()
            postgres.start()
            balance = ledger.balance(server.database)
            if balance.lost:
                break
    tell("R8 control: synchronous_commit off, kill -9 of all", balance)
    assert balance.lost


@pytest.fixture
def pair(postgres, server, place, tmp_path):
    """The database with a replica that follows it, and a server that knows both."""
    second = Cluster(place / f"second-{os.urandom(4).hex()}")
    second.follow(postgres)
    hosts = f"host=127.0.0.1:{postgres.port}&host=127.0.0.1:{second.port}"
    running = Server(
        f"postgresql://postgres@/cairn?{hosts}&target_session_attrs=read-write", tmp_path, "http://localhost"
    )
    try:
        wait_until_started(running)
        yield running, postgres, second
    finally:
        running.stop()
        ended(second)
        if postgres.process.poll() is not None:
            postgres.start()
        postgres.rows("ALTER SYSTEM RESET synchronous_standby_names")
        postgres.rows("SELECT pg_reload_conf()")


def fail_over(primary, second, ledger):
    """The replica hears no more, the primary dies a second later, and the replica takes its place."""
    [sender] = primary.rows("SELECT pid FROM pg_stat_replication")
    os.kill(sender, signal.SIGSTOP)
    time.sleep(1)
    primary.kill()
    time.sleep(1)
    second.rows("SELECT pg_promote()")
    ledger.wait_for(20)


def test_r9_a_synchronous_replica_has_all_that_was_acknowledged(pair, tell):
    server, primary, second = pair
    primary.rows("ALTER SYSTEM SET synchronous_standby_names = '*'")
    primary.rows("SELECT pg_reload_conf()")
    wait(lambda: primary.rows("SELECT sync_state FROM pg_stat_replication") == ["sync"])
    ada = server.person()
    project = server.project(ada)
    with Ledger(server, ada, project) as ledger:
        ledger.wait_for(20)
        fail_over(primary, second, ledger)
    tell("R9 failover to a synchronous replica", settle(ledger, second.url(), may=(503,)))


def test_r9_an_asynchronous_replica_is_seen_to_lack_some(pair, tell):
    """The control."""
    server, primary, second = pair
    ada = server.person()
    project = server.project(ada)
    position = "SELECT pg_current_wal_lsn() = replay_lsn FROM pg_stat_replication"
    wait(lambda: primary.rows(position) == [True])
    with Ledger(server, ada, project) as ledger:
        ledger.wait_for(20)
        fail_over(primary, second, ledger)
    balance = ledger.balance(second.url())
    tell("R9 control: failover to an asynchronous replica", balance)
    assert balance.lost
    assert not balance.twice


def test_r11_without_a_connection_left_it_is_said_at_once(server, postgres, ada, project, tell):
    with ExitStack() as taken:
        first = taken.enter_context(closing(connected(postgres.url())))
        first.cursor().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cairn'"
        )
        with suppress(OperationalError):
            while True:
                taken.enter_context(closing(connected(postgres.url())))
        began = time.monotonic()
        answers = [server.ask("POST", f"{project}/issues", {"title": "No room"}, by=ada) for _ in range(10)]
        took = time.monotonic() - began
        assert {answer.status for answer in answers} == {503}
        assert all(answer.headers["Retry-After"] for answer in answers)
    wait(server.is_ready)
    tell("R11 max_connections reached", f"10 × 503 in {took:.2f} s")
