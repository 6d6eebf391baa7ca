"""A mail server hands mail in by LMTP: a real client at a real port."""

import smtplib
import socket

import pytest

from webapp.mail_in.listening import Listener


@pytest.fixture
def listener(desk):
    listening = Listener(desk.app, "127.0.0.1", 0)
    listening.start()
    assert listening.is_ready.wait(10)
    yield listening
    listening.leave()
    listening.join(10)
    assert not listening.is_alive()


@pytest.fixture
def client(listener):
    with smtplib.LMTP("127.0.0.1", listener.port, timeout=10) as client:
        yield client


def taken(desk):
    desk.mailing.drain()
    return desk.comments()


def test_a_mail_is_handed_in(desk, client):
    client.sendmail(desk.bob.email, [desk.address()], desk.letter().as_bytes())
    assert taken(desk) == ["Seen."]


def test_an_address_that_is_none_is_refused_at_once(desk, client):
    client.ehlo_or_helo_if_needed()
    client.mail(desk.bob.email)
    assert [client.rcpt(one)[0] for one in ("cairn+none@in.test", "x@y.test", desk.address())] == [550, 550, 250]


def test_what_cannot_be_taken_for_a_reason_that_nobody_foresaw_comes_again(desk, client, monkeypatch):
    monkeypatch.setattr("webapp.mail_in.reading.digest", lambda *_: 1 / 0)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail(desk.bob.email, [desk.address()], desk.letter().as_bytes())
    assert refused.value.smtp_code == 451


def test_reports_from_nobody_are_let_go(desk, client):
    client.sendmail("", [desk.address()], desk.letter().as_bytes())
    assert taken(desk) == []


def test_each_recipient_is_answered_by_itself(desk, listener):
    """smtplib reads one answer, whatever the number of recipients."""
    carl = desk.make.member(desk.project, "member", name="Carl")
    with socket.create_connection(("127.0.0.1", listener.port), timeout=10) as line:
        spoken = line.makefile("rwb")

        def say(words: str) -> str:
            spoken.write(words.encode() + b"\r\n")
            spoken.flush()
            return said()

        def said() -> str:
            while (answer := spoken.readline().decode())[3] == "-":
                pass
            return answer[:3]

        said()
        say("LHLO client.test")
        say(f"MAIL FROM:<{desk.bob.email}>")
        assert [say(f"RCPT TO:<{desk.address(one)}>") for one in (desk.bob, carl)] == ["250", "250"]
        assert say("DATA") == "354"
        letter = desk.letter().as_bytes().replace(b"\n", b"\r\n")
        assert [say(letter.decode() + "\r\n."), said()] == ["250", "250"]
        assert say("NOOP") == "250"
    # Carl is no sender of it: he hears that somebody else used his address.
    assert taken(desk) == ["Seen."]


def test_what_is_too_long_is_refused(desk, listener, monkeypatch):
    monkeypatch.setattr("webapp.mail_in.service.most", lambda: 20_000)
    with (
        smtplib.LMTP("127.0.0.1", listener.port, timeout=10) as client,
        pytest.raises(smtplib.SMTPSenderRefused) as error,
    ):
        client.sendmail(desk.bob.email, [desk.address()], desk.letter("long " * 10_000).as_bytes())
    assert error.value.smtp_code == 552


def test_a_line_may_be_long(desk, client):
    client.sendmail(desk.bob.email, [desk.address()], desk.letter().as_bytes().replace(b"Seen.", b"word " * 5_000))
    assert len(taken(desk)[0]) == 24_999
