"""Faults that are over in seconds: a worker is killed, a deploy, PostgreSQL restarts and crashes."""

import os
import signal
import time
from functools import partial

import pytest

from tests.faults.ledger import Ledger, settle, wait

pytestmark = pytest.mark.faults(quick=True)


def test_r1_a_killed_worker_fails_only_what_it_had_in_hand(server, ada, project, tell):
    doomed = min(server.workers)
    with Ledger(server, ada, project) as ledger:
        ledger.wait_for(20)
        os.kill(doomed, signal.SIGKILL)
        ledger.wait_for(20)
        wait(lambda: len(server.workers - {doomed}) == 2)
    balance = settle(ledger, server.database)
    assert balance.failed.total() <= 3
    tell("R1 kill -9 of a worker", balance)


def is_replaced(server, before):
    return len(server.workers) == 2 and not server.workers & before


@pytest.mark.parametrize("keep", [pytest.param(False, marks=pytest.mark.faults), True], ids=["new", "kept"])
def test_r3_nobody_notices_a_reload_nor_the_next(server, ada, project, tell, keep):
    with Ledger(server, ada, project, keep=keep) as ledger:
        for _ in range(2):
            ledger.wait_for(10)
            before = server.workers
            server.process.send_signal(signal.SIGHUP)
            wait(partial(is_replaced, server, before))
        ledger.wait_for(10)
    tell(f"R3 HUP, twice, connections {'kept' if keep else 'new'}", settle(ledger, server.database, may=()))


def test_r5_a_restart_of_postgresql_is_told_and_over_with_it(server, postgres, ada, project, tell):
    workers = server.workers
    with Ledger(server, ada, project) as ledger:
        ledger.wait_for(20)
        postgres.stop()
        time.sleep(0.5)
        postgres.start()
        ledger.wait_for(20)
    tell("R5 PostgreSQL restart -m fast", settle(ledger, server.database, may=(503,)))
    assert server.workers == workers


def test_r7_a_killed_backend_takes_the_others_with_it_and_all_come_back(server, postgres, ada, project, tell):
    workers = server.workers
    with Ledger(server, ada, project) as ledger:
        ledger.wait_for(20)
        [backend] = postgres.rows("SELECT min(pid) FROM pg_stat_activity WHERE application_name = 'cairn'")
        os.kill(backend, signal.SIGKILL)
        ledger.wait_for(20)
    tell("R7 kill -9 of a backend", settle(ledger, server.database, may=(503,)))
    assert server.workers == workers
