"""From a row to the server that takes it, by real SMTP."""

from datetime import timedelta

import pytest

from tests.mail.conftest import letter, of
from tests.metrics.counted import counted
from webapp import clock
from webapp.counting import ENDS_OF_MAILS
from webapp.db import transacting, transaction
from webapp.mail import service as mail
from webapp.mail.jobs import send_mail
from webapp.mail.service import Note
from webapp.mail.smtp import Deferred
from webapp.models import mail_in, mails
from webapp.models.mails import Mail

__all__ = ["counted"]


def test_a_mail_that_is_posted_arrives(mailing, sink, post, row, ada):
    number = post("test", ada, {})
    assert sink.mails == []
    assert mailing.drain() == ["send_mail"]
    [received] = sink.mails
    assert (received.sender, received.to) == ("cairn@cairn.test", [ada.email])
    assert received.message["To"] == f"Ada <{ada.email}>"
    assert "Open Cairn\n  https://cairn.test/\n" in received.body()
    assert (row(number).state, row(number).answer) == ("sent", "250 2.0.0 Taken as number 1")
    assert (row(number).address, row(number).message_id) == (ada.email, received.id)


def test_how_mails_end_is_counted(mailing, sink, post, ada, composed, counted):
    composed("thing", None)
    for kind in ("test", "thing", "test"):
        post(kind, ada, {})
    mailing.drain()
    assert counted.mails() == {("out", "sent"): 2, ("out", "dropped"): 1}


def test_each_end_of_a_mail_is_told_from_the_beginning():
    for way, states in (("out", mails.State), ("in", mail_in.State)):
        assert {*ENDS_OF_MAILS[way]} == {*states} - {states.WAITING}


def test_what_is_undone_is_not_sent(app, mailing, sink, ada):
    @transaction
    def fail():
        mail.post("test", ada, {})
        raise ZeroDivisionError

    with app.app_context(), pytest.raises(ZeroDivisionError):
        fail()
    assert (mailing.drain(), sink.mails) == ([], [])


def test_an_address_that_nobody_here_has_gets_mail(mailing, sink, post):
    post("test", "new@example.com", {})
    mailing.drain()
    assert [(one.to, one.message["To"]) for one in sink.mails] == [(["new@example.com"], "new@example.com")]


def test_a_person_gets_it_where_they_are_or_where_it_was_meant_for(app, mailing, sink, post, ada):
    post("test", ada, {})
    post("test", ada, {}, address="former@example.com")
    with app.app_context(), transacting() as session:
        session.connection().exec_driver_sql("UPDATE users SET email = 'now@example.com' WHERE id = %s", (ada.id,))
    mailing.drain()
    assert {one.to[0] for one in sink.mails} == {"now@example.com", "former@example.com"}


@pytest.mark.parametrize("gone", ["told no more", "is_active = false", "email = NULL"])
def test_what_is_over_is_dropped(app, mailing, sink, post, row, ada, composed, gone):
    composed("thing", None if gone == "told no more" else letter())
    number = post("thing", ada, {})
    if "=" in gone:
        with app.app_context(), transacting() as session:
            session.connection().exec_driver_sql(f"UPDATE users SET {gone} WHERE id = {ada.id}")
    mailing.drain()
    assert (sink.mails, row(number).state, row(number).sent_at) == ([], "dropped", None)
    assert row(number).answer


def test_nothing_is_posted_where_no_mail_is_sent(app, mailing, ada):
    mailing.by(None, environment="production")
    with app.app_context():
        assert not mail.is_configured()
        assert mail.post("test", ada, {}) is None


def test_a_kind_that_nobody_composes_is_a_mistake(app, mailing, ada):
    with app.app_context(), pytest.raises(LookupError, match="nonsense"):
        mail.post("nonsense", ada, {})


@pytest.mark.parametrize(("step", "answer"), [("rcpt", "550 5.1.1 No such person."), ("data", "554 Spam.")])
def test_a_refusal_for_good_is_kept_and_not_tried_again(mailing, sink, post, row, ada, step, answer):
    number = post("test", ada, {})
    sink.says[step] = answer
    assert mailing.drain(ahead=100_000) == ["send_mail"]
    assert (row(number).state, row(number).answer) == ("failed", answer)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("rcpt", "450 4.2.0 Greylisted."),
        ("data", "452 4.3.1 Full."),
        ("mail", "451 Later."),
        ("mail", "553 This sender is not yours."),  # of this installation, and may be mended
        ("rcpt", "421 I am leaving."),
    ],
)
def test_a_refusal_for_now_is_tried_again(mailing, sink, post, row, ada, step, answer):
    number = post("test", ada, {})
    sink.says[step] = answer
    with pytest.raises(Deferred, match=answer[:3]):
        mailing.drain()
    assert (row(number).state, row(number).answer) == ("waiting", answer)
    sink.says.clear()
    mailing.drain(ahead=60)
    assert (row(number).state, len(sink.mails)) == ("sent", 1)


def test_a_mail_that_is_sent_twice_is_the_same(app, mailing, sink, post, row, ada):
    """As if its worker had been killed before it could tell."""
    number = post("test", ada, {})
    for _ in range(2):
        with app.app_context(), transacting() as session:
            session.get_one(Mail, number).state = "waiting"
        with app.app_context():
            send_mail(number)
    assert sink.counts == {row(number).message_id: 2}
    with app.app_context():
        send_mail(number)
    assert len(sink.mails) == 2


def test_further_events_join_the_mail_that_waits(app, mailing, sink, ada, composed, post, row):
    composed("thing", of)
    now = clock.now()
    numbers = [
        post("thing", ada, {"issue": 12, "last": number, "events": [number]}, key="issue:1:12",
             due_at=now + timedelta(seconds=30 + number))
        for number in (1, 2, 3)
    ]  # fmt: skip
    assert len(set(numbers)) == 1
    assert row(numbers[0]).due_at == now + timedelta(seconds=33)
    assert mailing.drain(ahead=60) == ["send_mail", "send_mail"]
    [received] = sink.mails
    assert "'last': 3" in received.body()
    assert "'events': [1, 2, 3]" in received.body()


def test_what_happens_once_it_is_being_sent_is_told_by_another(app, mailing, sink, ada, composed, post):
    composed("thing", of)
    first = post("thing", ada, {"events": [1]}, key="issue:1:12")
    sink.says["data"] = "451 Later."
    mailing.drain(strict=False)
    second = post("thing", ada, {"events": [2]}, key="issue:1:12")
    sink.says.clear()
    mailing.drain(ahead=60)
    assert first != second
    assert sorted("[1]" in one.body() for one in sink.mails) == [False, True]


def test_nothing_is_put_off_for_ever(mailing, ada, composed, post, row):
    composed("thing", of)
    start = clock.now()
    for minute in range(6):
        number = post("thing", ada, {}, key="k", due_at=start + timedelta(minutes=minute))
    assert row(number).due_at == row(number).created_at + timedelta(minutes=3)
    late = start + timedelta(hours=5)
    assert {row(post("thing", ada, {}, key="digest", due_at=late)).due_at for _ in range(2)} == {late}


def test_many_mails_are_posted_by_two_statements(app, mailing, sink, ada, eve, composed, statements):
    composed("thing", of)
    notes = [Note("thing", who, {"events": [n]}, key=f"issue:{who.id}:1") for n in (1, 2) for who in (ada, eve)]
    with app.app_context():
        posted = mail.post_all(notes)
    assert len(posted) == 2
    assert len([one for one in statements if "INSERT INTO" in one]) == 2
    mailing.drain()
    assert all("'events': [1, 2]" in one.body() for one in sink.mails)


def test_what_a_secret_mail_was_made_of_goes_with_it(mailing, sink, ada, composed, post, row):
    composed("secret", of, is_secret=True)
    numbers = [post("secret", ada, {"token": "sesame"}) for _ in range(2)]
    mailing.drain()
    assert all("sesame" in one.body() for one in sink.mails)
    assert [row(number).data for number in numbers] == [{}, {}]


def test_mails_of_a_quarter_ago_are_forgotten(app, mailing, ada, post, row):
    old, young = post("test", ada, {}), post("test", ada, {})
    with app.app_context(), transacting() as session:
        session.get_one(Mail, old).created_at -= timedelta(days=91)
        session.get_one(Mail, young).created_at -= timedelta(days=89)
    with app.app_context():
        assert (mail.clear(), mail.clear()) == (1, 0)
    assert row(young)
