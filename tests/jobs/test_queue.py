"""Jobs are written with what they follow, and done once that stands."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from webapp import clock
from webapp.db import db, transacting
from webapp.jobs import queue
from webapp.jobs import service as jobs
from webapp.jobs.tasks import DELAYS, periodic, task
from webapp.jobs.worker import drain


def test_what_is_enqueued_is_done_in_order_and_forgotten(app, enqueue, done, rows):
    for word in ("one", "two", "three"):
        enqueue(word=word)
    assert drain(app) == ["note"] * 3
    assert done == ["one", "two", "three"]
    assert rows() == []


def test_what_is_undone_leaves_no_job(app, enqueue, done, rows):
    def refused():
        with app.app_context(), transacting():
            jobs.enqueue("note", {})
            raise LookupError

    with pytest.raises(LookupError):
        refused()
    assert rows() == []


def test_outside_a_transaction_nothing_is_enqueued(app, done):
    with app.app_context(), pytest.raises(RuntimeError):
        jobs.enqueue("note", {})


def test_a_task_that_nobody_has_registered_is_a_mistake(app):
    with app.app_context(), transacting(), pytest.raises(KeyError):
        jobs.enqueue("nothing of that name", {})


def test_two_tasks_of_one_name_are_a_mistake(done):
    with pytest.raises(ValueError, match="Two tasks are called note"):
        task("note")(lambda: None)


def test_what_waits_under_a_key_is_not_written_twice(app, enqueue, done):
    enqueue(word="first", key="k", run_at=clock.now() + timedelta(minutes=1))
    enqueue(word="second", key="k")
    enqueue(word="other", key="l")
    drain(app)
    assert done == ["first", "other"]  # the second wanted it now


def test_what_is_enqueued_while_it_runs_is_done_again(app, enqueue, rows):
    """It may have read already what is written then."""

    @task("again")
    def again(word):
        if word == "first":
            with transacting():
                jobs.enqueue("again", {"word": "second"}, key="k")

    enqueue("again", word="first", key="k")
    assert drain(app) == ["again", "again"]


def test_what_is_due_later_waits(app, enqueue, done):
    enqueue(run_at=clock.now() + timedelta(seconds=30))
    assert drain(app) == []
    assert drain(app, ahead=31) == ["note"]


def test_what_this_code_does_not_know_is_left_to_newer_code(app, enqueue, done, rows):
    enqueue()
    with app.app_context(), transacting() as session:
        session.execute(text("INSERT INTO jobs (task) VALUES ('of tomorrow')"))
    drain(app)
    assert rows("task, state, tries") == [("of tomorrow", "ready", 0)]


@pytest.fixture
def failing(app):
    @task("fail")
    def fail(word):
        raise LookupError(f"no {word}")


def test_the_pauses_are_those_that_are_told(app, enqueue, failing, rows):
    enqueue("fail", word="bread")
    for tries in range(1, len(DELAYS) + 1):
        with app.app_context(), transacting() as session:
            session.execute(text("UPDATE jobs SET run_at = now()"))
        assert drain(app, strict=False) == ["fail"]
        [(tried, state, wait)] = rows("tries, state, extract(epoch FROM run_at - tried_at)::float")
        assert tried == tries
        if tries < len(DELAYS):
            assert state == "ready"
            assert DELAYS[tries] * 0.89 < wait < DELAYS[tries] * 1.11 + 1
    assert state == "dead"
    [error] = rows("error")
    assert "LookupError: no bread" in error
    assert drain(app, ahead=10**6) == []


def test_a_failure_gives_way_to_the_same_work_that_waits(app, enqueue, rows):
    @task("fail")
    def fail(word):
        with transacting():
            jobs.enqueue("fail", {"word": "new"}, key="k", run_at=clock.now() + timedelta(hours=1))
        raise LookupError

    enqueue("fail", word="old", key="k")
    drain(app, strict=False)
    [(word, tries, wait)] = rows("args->>'word', tries, extract(epoch FROM run_at - now())::float")
    assert (word, tries) == ("new", 0)
    assert wait < 60  # as soon as the failed one would have been tried


def test_what_was_tried_before_is_taken_alone(app, enqueue, done):
    """It may be what killed its worker: what is untried shall not die with it again and again."""
    for word in "abc":
        enqueue(word=word)
    with app.app_context():
        with transacting() as session:
            session.execute(text("UPDATE jobs SET tries = 1 WHERE args->>'word' <> 'c'"))
        taken = [len(queue.take("inside", "me", 50, lease=30)) for _ in range(3)]
    assert taken == [1, 1, 1]


def test_untried_jobs_are_taken_together(app, enqueue, done):
    for word in "abc":
        enqueue(word=word)
    with app.app_context():
        assert [job.args["word"] for job in queue.take("inside", "me", 2, lease=30)] == ["a", "b"]


def test_what_a_silent_worker_held_is_tried_again_and_dead_in_the_end(app, enqueue, done, rows):
    enqueue()
    for tries in range(1, len(DELAYS) + 1):
        with app.app_context():
            assert queue.take("inside", "me", 50, lease=0, ahead=10**6)
            queue.tidy()
        assert rows("tries") == [tries]
    assert rows("state") == ["dead"]
    assert "silent" in rows("error")[0]


def test_a_worker_that_speaks_keeps_its_jobs(app, enqueue, done, rows):
    enqueue()
    with app.app_context():
        [job] = queue.take("inside", "me", 50, lease=0)
        queue.renew([job.id], "me", 30)
        queue.tidy()
    assert rows("state, worker") == [("running", "me")]


def test_whoever_was_silent_for_too_long_strikes_nothing_off(app, enqueue, done, rows):
    enqueue()
    with app.app_context():
        [job] = queue.take("inside", "slow", 50, lease=0)
        queue.tidy()
        queue.take("inside", "quick", 50, lease=30, ahead=60)
        assert not queue.done(job.id, "slow")
        assert queue.failed(job.id, "slow", "late") is None
    assert rows("state, worker") == [("running", "quick")]


def test_what_is_given_back_was_not_tried(app, enqueue, done, rows):
    enqueue()
    with app.app_context():
        taken = queue.take("inside", "me", 50, lease=30)
        queue.give_back([job.id for job in taken], "me")
    assert rows("state, tries") == [("ready", 0)]
    assert drain(app) == ["note"]


def test_what_comes_round_is_done_once_in_a_slot_by_however_many_hosts(app):
    done = []

    @periodic("sweep", every=3600)
    def sweep():
        done.append(1)

    def turn():
        with app.app_context():
            queue.tidy()
        drain(app)

    for _ in range(3):
        turn()
    assert done == [1]
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE job_rounds SET began_at = began_at - interval '1 hour'"))
    turn()
    assert done == [1, 1]


def test_what_comes_round_waits_for_the_one_before(app, rows):
    periodic("sweep", every=3600)(lambda: None)
    with app.app_context():
        queue.tidy()
        queue.take("inside", "slow", 1, lease=30)
        with transacting() as session:
            session.execute(text("UPDATE job_rounds SET began_at = began_at - interval '1 hour'"))
        queue.tidy()
    assert rows("state") == ["running"]


def test_lanes_do_not_wait_for_each_other(app, enqueue, done):
    task("send", lane="mail")(lambda word: None)
    enqueue()
    enqueue("send")
    with app.app_context():
        assert [job.task for job in queue.take("mail", "me", 50, lease=30)] == ["send"]
        [(lane, seconds)] = queue.seconds_to_next().items()
        assert lane == "inside"
        assert 0 >= seconds > -60
        assert db.session.scalar(text("SELECT count(*) FROM jobs WHERE state = 'running'")) == 1
