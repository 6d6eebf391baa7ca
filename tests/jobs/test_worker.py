"""Workers as they are in life: processes that are woken, stopped and killed."""

import select
import signal
import statistics
import time
from collections import Counter
from contextlib import ExitStack, closing
from threading import Thread
from typing import Any

import pytest

from tests.committed import committed
from tests.databases import connected
from tests.jobs.processes import on
from tests.jobs.waking import wake
from webapp.jobs.doing import Lane
from webapp.jobs.listening import _TO_BE_TOLD, Listener
from webapp.jobs.worker import DEAF_LOOK, Worker

# Seconds for which a job goes on that nobody waits for.
PATIENT = 100


@pytest.fixture(scope="module")
def running(database, settings, tmp_path_factory):
    with committed(database, settings) as kept, on(kept.url, tmp_path_factory.mktemp("workers")) as queue:
        yield queue


@pytest.fixture
def queue(running):
    running.clear()
    return running


def test_what_is_committed_is_begun_at_once(queue):
    """Far sooner than it is looked for."""
    queue.start()
    queue.enqueue("note", "first")
    queue.wait_for("first")
    for number in range(10):
        queue.enqueue("note", str(number))
        queue.wait_for(str(number))
    [took] = queue.rows("SELECT extract(epoch FROM max(at) - min(at))::float FROM noted")
    assert took < 10
    queue.wait(queue.is_empty)


@pytest.mark.parametrize("workers", [1, 2])
def test_whoever_falls_asleep_forgets_nothing(queue, workers):
    """These workers never look for what they were not told of."""
    assert statistics.median(wake(queue, rounds=15, workers=workers)) < 0.5


def test_nobody_is_told_of_a_job_while_workers_are_awake(queue):
    """Who tells them commits one after the other."""
    with closing(connected(queue.url)) as listener:
        listener.cursor().execute("LISTEN cairn_jobs")
        queue.rows("SELECT wake_workers('inside')")
        listener.poll()
        assert not listener.notifies
        with closing(connected(queue.url)) as sleeper:
            sleeper.cursor().execute(_TO_BE_TOLD)
            queue.rows("SELECT wake_workers('inside')")
            select.select([listener], [], [], 60)
            listener.poll()
            assert [one.payload for one in listener.notifies] == ["inside"]


def test_what_was_there_before_it_came_is_done(queue):
    queue.enqueue("note", "early")
    queue.start()
    queue.wait_for("early")


def test_a_slow_lane_keeps_no_other_waiting(queue):
    queue.start(slow=PATIENT)
    queue.enqueue("slow", "mail", lane="slow")
    queue.wait_for("begun mail")
    queue.enqueue("note", "hear")
    queue.wait_for("hear")
    assert "mail" not in queue.noted()


def test_whoever_is_asked_to_stop_finishes_what_is_begun_and_gives_the_rest_back(queue):
    worker = queue.start(slow=0.5)
    queue.enqueue("slow", "one", "two", "three", lane="slow")
    queue.wait_for("begun one")
    queue.end(worker, signal.SIGTERM)
    assert queue.noted() == ["begun one", "one"]
    left = queue.rows("SELECT args->>'word', state, tries FROM jobs ORDER BY id")
    assert left == [("two", "ready", 0), ("three", "ready", 0)]


def test_what_whoever_is_killed_had_begun_is_begun_anew(queue):
    worker = queue.start(slow=PATIENT)
    queue.enqueue("slow", "one", lane="slow")
    queue.wait_for("begun one")
    queue.end(worker, signal.SIGKILL)
    queue.hurry()
    queue.start()
    queue.wait(lambda: queue.rows("SELECT tries, worker FROM jobs WHERE state = 'ready'") == [(1, None)])
    queue.rows("UPDATE jobs SET run_at = now(); SELECT pg_notify('cairn_jobs', 'slow')")
    queue.wait_for("one")


def test_two_workers_do_each_job_once(queue):
    words = [str(number) for number in range(300)]
    queue.enqueue("note", *words)
    workers = [queue.start(), queue.start()]
    queue.wait(queue.is_empty)
    assert sorted(queue.noted()) == sorted(words)
    assert len(workers) == 2


def test_a_job_that_takes_longer_than_a_lease_is_done_once(queue):
    queue.start(slow=2, lease=0.6)
    queue.start(slow=2, lease=0.6)
    queue.enqueue("slow", "long", lane="slow")
    queue.wait(queue.is_empty)
    assert queue.noted() == ["begun long", "long"]


def test_a_job_that_hangs_ends_its_worker_and_is_tried_again(queue):
    worker = queue.start(slow=PATIENT, lease=0.6, limit=0.5)
    queue.enqueue("slow", "stuck", lane="slow")
    queue.wait(lambda: not queue.lives(worker))
    queue.hurry()
    queue.start()
    queue.wait(lambda: queue.rows("SELECT tries FROM jobs WHERE state = 'ready'") == [1])


def test_a_job_may_take_as_long_as_its_task_says(queue):
    queue.start(slow=2, lease=0.6, limit=0.5)
    queue.enqueue("long", "well", lane="long")
    queue.wait(queue.is_empty)
    assert queue.noted() == ["well"]


def test_a_job_that_kills_its_worker_is_dead_in_the_end(queue):
    """What is taken with it the first time is not taken with it again."""
    queue.enqueue("bomb", "bomb")
    queue.enqueue("note", "beside", "and this")
    while not queue.rows("SELECT FROM jobs WHERE state = 'dead'"):
        worker = queue.start()
        queue.wait(lambda worker=worker: queue.hurry() or not queue.lives(worker) or queue.is_empty())
    assert queue.rows("SELECT task, tries FROM jobs") == [("bomb", 8)]
    assert Counter(queue.noted()) == {"bomb": 8, "beside": 1, "and this": 1}


def test_killed_between_doing_and_telling_nothing_is_lost(queue):
    """What was done is done again, under the same id: so mails and webhooks carry it."""
    words = [str(number) for number in range(10)]
    queue.enqueue("send", *words)
    kills = 0
    while not queue.is_empty():
        worker = queue.start()
        queue.wait(lambda worker=worker: queue.hurry() or not queue.lives(worker) or queue.is_empty())
        kills += not queue.lives(worker)
    assert Counter(queue.noted()) == dict.fromkeys(words, 2)
    assert kills == 10


def test_it_goes_on_when_its_connections_are_lost(queue):
    worker = queue.start()
    queue.enqueue("note", "before")
    queue.wait_for("before")
    queue.rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    queue.enqueue("note", "after")
    queue.wait_for("after")
    assert queue.lives(worker)


def end(database, listener):
    """Have the server end the connection of one who listens."""
    with closing(connected(database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [listener.connection.info.backend_pid])


def test_it_goes_on_when_its_listening_is_lost_while_it_falls_asleep(migrated, database):
    """Then a statement finds it, and nobody is left who could hear."""
    worker = Worker(migrated)
    worker._look()
    end(database, worker.listener)
    assert worker._look() == DEAF_LOOK
    worker._wait(0, lambda: True)
    assert worker.listener.fileno() is None
    worker._look()
    assert worker.is_well
    assert worker.listener.fileno() is not None
    worker.listener.close()


def test_a_connection_that_is_lost_while_it_is_proved_makes_nobody_deaf(migrated, database, monkeypatch):
    listener = Listener()

    def tell(*_: Any) -> None:
        end(database, listener)

    with migrated.app_context():
        with monkeypatch.context() as lost:
            lost.setattr("webapp.jobs.listening.read", tell)
            listener.open()
        assert (listener.fileno(), listener.is_deaf) == (None, False)
        listener.open()
    assert listener.fileno() is not None
    listener.close()


def test_what_it_does_not_know_of_is_begun_anew_however_busy_it_is(queue):
    """Nobody may have heard that it took it, nor that it was done with it: where the database was replaced."""
    queue.start(slow=PATIENT, lease=0.6, look=0.1)
    queue.enqueue("slow", "long", lane="slow")
    queue.wait_for("begun long")
    queue.rows(
        "INSERT INTO jobs (task, args, state, tries, worker, leased_until)"
        """ SELECT 'note', '{"word": "in doubt"}', state, 1, worker, leased_until FROM jobs"""
    )
    queue.wait(lambda: queue.rows("SELECT FROM jobs WHERE task = 'note' AND state = 'ready'"))
    assert queue.rows("SELECT tries FROM jobs WHERE task = 'slow' AND state = 'running'") == [1]


def test_a_failure_says_why(queue):
    queue.start()
    queue.enqueue("fail", "bread")
    queue.wait(lambda: queue.rows("SELECT tries FROM jobs WHERE state = 'ready'") == [1])
    [error] = queue.rows("SELECT error FROM jobs")
    assert "LookupError: bread" in error


class Flickering:
    """A lane whose job ends between two looks at it."""

    taken, task, hangs = (), "", Lane.hangs

    def __init__(self) -> None:
        self.looks = 0

    @property
    def began(self):
        self.looks += 1
        return time.monotonic() if self.looks % 2 else None


def test_a_job_that_ends_while_it_is_looked_at_ends_nothing_else(migrated):
    """Who renews the leases would be gone, and all that takes long be done twice."""
    worker = Worker(migrated, lease=0.03)
    lane: Any = Flickering()
    worker.lanes = {"one": lane}
    living = Thread(target=worker._live, daemon=True)
    living.start()
    while lane.looks < 6 and living.is_alive():
        time.sleep(0.01)
    assert living.is_alive()
    worker.is_over.set()
    living.join(10)


def test_a_stop_takes_no_lock(migrated, monkeypatch):
    """A signal may come while the thread that hears it holds one, and would then wait for itself."""
    monkeypatch.setattr("webapp.jobs.queue.lanes", lambda: ["one", "other"])
    worker = Worker(migrated)
    with ExitStack() as held:
        for lane in worker.lanes.values():
            held.enter_context(vars(lane.woken)["_cond"])
            held.enter_context(vars(lane.leaves)["_cond"])
        stop = Thread(target=worker.leave, daemon=True)
        stop.start()
        stop.join(10)
        assert not stop.is_alive()
    assert worker.leaves
