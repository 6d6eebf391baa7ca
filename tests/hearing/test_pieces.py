"""A change of many is heard in pieces, each a job of its own: none takes too long, and whatever ends one, all is told once."""

import pytest

from tests.hearing.conftest import URL
from tests.jobs.mortal import LATER
from webapp.hearing import service
from webapp.jobs import queue, worker

ISSUES, WATCHERS = 60, 4


class Killed(BaseException):
    """What ends a worker without a word."""


@pytest.fixture
def bulk(wall, monkeypatch):
    """Many issues of a project change at once, and some watch everything, and have it mailed; nobody has heard yet."""
    for name in ("FIRST", "FEWEST", "MOST"):
        monkeypatch.setattr(service, name, 10)
    wall.run(
        "INSERT INTO issues (project_id, number, title, status_id, author_id) SELECT :project, n, 'Stone ' || n,"
        " (SELECT min(id) FROM statuses WHERE project_id = :project), :ada FROM generate_series(2, :last) n",
        project=wall.project.id, ada=wall.ada.id, last=ISSUES,
    )  # fmt: skip
    wall.run("UPDATE projects SET next_number = 100, open_issues = 60 WHERE id = :id", id=wall.project.id)
    wall.watchers = [wall.make.member(wall.project, "member") for _ in range(WATCHERS)]
    for person in wall.watchers:
        wall.run(
            "INSERT INTO project_watches (project_id, user_id, level) VALUES (:project, :id, 'all')",
            project=wall.project.id, id=person.id,
        )  # fmt: skip
        wall.run(
            'INSERT INTO notification_settings (user_id, ways) VALUES (:id, \'{"changed": "mail"}\')', id=person.id
        )
    monkeypatch.setattr("webapp.mail.service.is_configured", lambda: True)
    wall.api.patch(f"{URL}?q=is:open", {"priority": "high"})
    return wall


def heard(wall):
    """Do what is due but for mails; the tasks."""
    return [one for one in worker.drain(wall.app) if one == "hear"]


def be_killed(wall):
    """Let a worker begin who is killed, and another do what it has left."""
    with pytest.raises(Killed):
        worker.drain(wall.app)
    for statement in LATER.split(";"):
        wall.run(statement)
    with wall.app.app_context():
        queue.tidy()
    wall.run("UPDATE jobs SET run_at = now()")
    worker.drain(wall.app)


def told(wall):
    """How often each watcher was told of an issue, by each way, and of how many mails that is a part."""
    return wall.run(
        "SELECT way, count(*), count(DISTINCT (user_id, issue_id)), count(DISTINCT mail_id) FROM deliveries"
        " WHERE reason = 'watching' AND user_id IN (SELECT user_id FROM notification_settings)"
        " GROUP BY way ORDER BY way"
    )


ALL = [("inbox", ISSUES * WATCHERS, ISSUES * WATCHERS, 0), ("mail", ISSUES * WATCHERS, ISSUES * WATCHERS, WATCHERS)]


def test_a_job_leaves_to_another_what_would_take_too_long(bulk, monkeypatch):
    monkeypatch.setattr(service, "ENOUGH", 0)
    assert len(heard(bulk)) == ISSUES // 10 + 1
    assert told(bulk) == ALL


def test_as_long_as_something_is_left_a_page_says_that_it_waits(bulk, api, monkeypatch):
    monkeypatch.setattr(service, "ENOUGH", 0)
    with bulk.app.app_context():
        (job,) = queue.take("inside", "me", 1, lease=30)
        service.hear(job.args["change"])
        queue.done(job.id, "me")
    (at,) = bulk.run("SELECT number FROM issues ORDER BY id DESC LIMIT 1")[0]
    late = api(bulk.watchers[0])
    assert [one["why"] for one in late.get(f"{URL}/{at}/deliveries")["missed"]] == [
        "Nobody was told yet: the worker did not get to it, or gave it up."
    ]
    heard(bulk)
    assert late.get(f"{URL}/{at}/deliveries")["missed"] == []


def test_who_else_listens_is_told_of_a_change_in_pieces_though_a_worker_is_killed(bulk, monkeypatch):
    told = []

    def listens(change):
        told.append(change)
        if len(told) == 1:
            raise Killed

    monkeypatch.setattr("webapp.hearing.listening.listeners", [listens])
    monkeypatch.setattr(service, "ENOUGH", 0)
    be_killed(bulk)
    assert len(told) == 2


def test_what_the_same_change_writes_later_is_heard_though_a_rest_waits(bulk, monkeypatch):
    monkeypatch.setattr(service, "ENOUGH", 0)
    with bulk.app.app_context():
        (job,) = queue.take("inside", "me", 1, lease=30)
        service.hear(job.args["change"])
        queue.done(job.id, "me")
    bulk.run(
        "INSERT INTO events (project_id, issue_id, actor_id, change_id, kind, data)"
        " SELECT project_id, issue_id, actor_id, change_id, kind, data FROM events WHERE change_id = :change ORDER BY id LIMIT 1",
        change=job.args["change"],
    )
    assert bulk.run("SELECT count(*) FROM jobs WHERE task = 'hear'") == [(2,)]


@pytest.mark.parametrize("after_it", [False, True])
@pytest.mark.parametrize("piece", [1, 3, 6])
def test_a_worker_that_is_killed_within_a_piece_or_after_it_lets_all_be_told_once(bulk, monkeypatch, piece, after_it):
    monkeypatch.setattr(service, "ENOUGH", 0.2)
    number, hear_some = 0, service._hear_some

    def dies(*given):
        nonlocal number
        number += 1
        if number == piece and not after_it:
            raise Killed
        found = hear_some(*given)
        if number == piece:
            raise Killed
        return found

    monkeypatch.setattr(service, "_hear_some", dies)
    be_killed(bulk)
    assert told(bulk) == ALL


def test_what_was_told_by_a_piece_is_not_written_anew_by_those_that_follow(bulk):
    written = "SELECT n_tup_upd FROM pg_stat_xact_user_tables WHERE relname = 'deliveries'"
    before = bulk.run(written)[0][0]
    heard(bulk)
    assert told(bulk) == ALL
    assert bulk.run(written)[0][0] - before == ISSUES * WATCHERS
