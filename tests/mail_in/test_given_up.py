"""A mail that cannot be taken is not forgotten: it has a lane of its own, says that it failed, and can be tried again."""

import pytest

from tests.jobs.mortal import LATER
from tests.mail_in.test_mailboxes import ADDRESS, new, opened
from tests.metrics.counted import counted
from webapp.jobs import queue, service
from webapp.jobs.tasks import TASKS
from webapp.mail_in import jobs, making, taking
from webapp.mail_in import service as mail_in

__all__ = ["counted", "opened"]


def failing(*_):
    raise MemoryError("It does not fit.")


@pytest.fixture
def given_up(desk, monkeypatch):
    """Hands in a mail that cannot be taken however often it is tried."""

    def hand_in(**heads):
        with monkeypatch.context() as broken:
            broken.setattr(making, "body", failing)
            desk.run("UPDATE users SET email_confirmed_at = now()")
            with desk.app.app_context():
                mail_in.receive(desk.letter("Seen.", **heads).as_bytes(), desk.address())
            for _ in range(8):
                with pytest.raises(MemoryError):
                    desk.mailing.drain()
                desk.run("UPDATE jobs SET run_at = now()")

    return hand_in


def states(desk):
    return desk.run("SELECT state, source IS NOT NULL FROM incoming_mails ORDER BY id")


def test_it_has_a_lane_of_its_own():
    assert [one.name for one in TASKS.values() if one.lane == TASKS["take_mail"].lane] == ["take_mail"]


def test_what_is_given_up_says_so_and_its_sender_hears(desk, given_up, sink, counted):
    given_up()
    assert states(desk) == [("failed", True)]
    assert counted.mails() == {("in", "failed"): 1}
    desk.mailing.drain()
    assert counted.mails()["out", "sent"] == 1
    [mail] = [one for one in sink.mails if one.to == [desk.bob.email]]
    assert "was not taken" in str(mail.message["Subject"])
    assert "however often it was tried" in " ".join(mail.body().split())


def test_what_is_tried_again_is_taken(desk, given_up):
    given_up()
    with desk.app.app_context():
        assert service.again(None) == 1
    assert states(desk) == [("waiting", True)]
    desk.mailing.drain()
    assert (states(desk), desk.comments()) == ([("taken", False)], ["Seen."])


def test_what_killed_its_worker_is_given_up_too(desk):
    with desk.app.app_context():
        mail_in.receive(desk.letter().as_bytes(), desk.address())
        desk.run("UPDATE jobs SET tries = 7 WHERE task = 'take_mail'")
        queue.take(TASKS["take_mail"].lane, "killed", 1, lease=30)
        for statement in LATER.split(";"):
            desk.run(statement)
        queue.tidy()
    assert states(desk) == [("failed", True)]


def test_what_waits_for_somebody_is_not_forgotten(opened):
    opened.take(new(opened, From="eve@elsewhere.test"), ADDRESS)
    opened.take(new(opened, "It moves, too."), ADDRESS)
    opened.run("UPDATE incoming_mails SET came_at = now() - interval '91 days'")
    with opened.app.app_context():
        jobs.clear_incoming_mails()
    assert states(opened) == [("held", True)]
    opened.run("UPDATE incoming_mails SET state = 'failed'")
    with opened.app.app_context():
        jobs.clear_incoming_mails()
    assert states(opened) == []


def test_what_is_done_is_not_given_up(desk):
    desk.take(desk.letter())
    with desk.app.app_context():
        taking.give_up(desk.run("SELECT id FROM incoming_mails")[0].id)
    assert states(desk) == [("taken", False)]
