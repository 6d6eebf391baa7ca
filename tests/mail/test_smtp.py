"""How a server is spoken to: encrypted or not, logged in, and never for long."""

import time

import pytest

from tests.mail.sink import Sink, running
from webapp.config import mail_url
from webapp.mail.smtp import Deferred, Envelope, Refused, Sending
from webapp.outside.breaker import Breaker

MAIL = b"Subject: Test\r\nMessage-ID: <1@cairn.test>\r\n\r\nText\r\n"
TO = Envelope("cairn@cairn.test", "ada@example.com")


def sending(url: str, breaker: Breaker | None = None) -> Sending:
    return Sending(mail_url.server(url), "cairn.test", breaker or Breaker())


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return certificate


def encrypted(sink: Sink) -> list[bool]:
    return [one.is_encrypted for one in sink.mails]


@pytest.mark.parametrize(
    ("asked", "starttls", "known", "outcome"),
    [
        ("", True, True, True),
        ("", True, False, True),  # better than in plain words, as nobody said whose certificate it must be
        ("", False, True, False),
        ("?tls=none", True, True, False),
        ("?tls=required", True, True, True),
        ("?tls=required", True, False, "secret"),
        ("?tls=required", False, True, "does not offer STARTTLS"),
    ],
)
def test_starttls_is_used_where_it_is_offered_and_demanded_where_that_is_wished(
    certificate, monkeypatch, asked, starttls, known, outcome
):
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with running(certificate=certificate if starttls else None) as sink:
        if isinstance(outcome, bool):
            assert sending(sink.url + asked).send(TO, MAIL).startswith("250")
            assert encrypted(sink) == [outcome]
        else:
            with pytest.raises(Deferred, match=outcome):
                sending(sink.url + asked).send(TO, MAIL)
            assert sink.mails == []


def test_smtps_is_encrypted_from_the_first_byte(trusted):
    with running(certificate=trusted, starttls=False) as sink:
        assert sending(sink.url.replace("smtp:", "smtps:")).send(TO, MAIL)
        assert encrypted(sink) == [True]


def test_a_certificate_of_another_is_refused(certificate):
    with running(certificate=certificate, starttls=False) as sink, pytest.raises(Deferred, match="in secret"):
        sending(sink.url.replace("smtp:", "smtps:")).send(TO, MAIL)


def test_it_logs_in_with_what_the_address_says(trusted):
    with running(certificate=trusted, login=("ada@home", "p:w/ü@")) as sink:
        url = sink.url.replace("//", "//ada%40home:p%3Aw%2F%C3%BC%40@")
        assert sending(url).send(TO, MAIL)
        assert sink.logins == ["ada@home"]


def test_a_wrong_password_is_no_fault_of_the_mail(trusted):
    with running(certificate=trusted, login=("ada", "right")) as sink, pytest.raises(Deferred, match="535"):
        sending(sink.url.replace("//", "//ada:wrong@")).send(TO, MAIL)


def test_several_mails_share_a_connection():
    with running() as sink:
        post = sending(sink.url)
        for _ in range(5):
            post.send(TO, MAIL)
        sink.says["rcpt"] = "550 No such person."
        with pytest.raises(Refused):
            post.send(TO, MAIL)
        sink.says.clear()
        post.send(TO, MAIL)
        assert (sink.connections, len(sink.mails)) == (1, 6)


def test_a_connection_that_the_server_has_closed_is_not_used():
    with running() as sink:
        post = sending(sink.url)
        post.send(TO, MAIL)
        sink.hang_up()
        post.send(TO, MAIL)
        assert (sink.connections, len(sink.mails)) == (2, 2)


def test_a_connection_is_closed_when_no_mail_follows(monkeypatch):
    monkeypatch.setattr("webapp.mail.smtp.IDLE", 0.0)
    with running() as sink:
        post = sending(sink.url)
        post.send(TO, MAIL)
        post.close_idle()
        post.send(TO, MAIL)
        assert sink.connections == 2


@pytest.mark.parametrize("words", [b"", b"220 " + b"x" * 200, b"220-Wait\r\n" * 100], ids=["mute", "slow", "endless"])
def test_a_server_that_hangs_is_waited_for_as_long_as_was_said(mute, monkeypatch, words):
    monkeypatch.setattr("webapp.mail.smtp.CONNECTING", 0.5)
    server = mute(words)
    begun = time.monotonic()
    with pytest.raises(Deferred, match=r"127\.0\.0\.1 did not answer in time"):
        sending(f"{server.url}?timeout=1").send(TO, MAIL)
    assert 0.9 < time.monotonic() - begun < 4


def test_a_server_that_thinks_too_long_about_a_mail_is_left():
    with running() as sink:
        sink.pause = 30
        with pytest.raises(Deferred, match="in time"):
            sending(f"{sink.url}?timeout=1").send(TO, MAIL)


def test_one_that_is_not_there_is_told(mute):
    server = mute()
    server.stop()
    with pytest.raises(Deferred, match=r"127.0.0.1 cannot be reached: Connection refused"):
        sending(server.url).send(TO, MAIL)


def test_a_server_that_fails_is_left_alone_for_a_while(mute):
    server, breaker = mute(), Breaker(failures=2, pause=0.3)
    post = sending(f"{server.url}?timeout=1", breaker)
    for _ in range(2):
        with pytest.raises(Deferred, match="in time"):
            post.send(TO, MAIL)
    for _ in range(3):
        with pytest.raises(Deferred, match="left alone"):
            post.send(TO, MAIL)
    assert server.connections == 2
    time.sleep(0.4)
    with pytest.raises(Deferred, match="in time"):
        post.send(TO, MAIL)
    with pytest.raises(Deferred, match="left alone"):
        post.send(TO, MAIL)
    assert server.connections == 3


def test_one_that_refuses_mails_has_answered():
    with running() as sink:
        sink.says["rcpt"] = "550 No such person."
        post = sending(sink.url, Breaker(failures=2))
        for _ in range(5):
            with pytest.raises(Refused):
                post.send(TO, MAIL)


def test_an_address_beyond_ascii_goes_to_servers_that_know_such():
    with running() as sink:
        assert sending(sink.url).send(Envelope("cairn@cairn.test", "jürgen@example.com"), MAIL)
        assert sink.mails[0].to == ["jürgen@example.com"]
    with running(knows_utf8=False) as sink, pytest.raises(Refused, match="not ASCII"):
        sending(sink.url).send(Envelope("cairn@cairn.test", "jürgen@example.com"), MAIL)


@pytest.mark.parametrize("line", [b".", b"..", b".\r\nQUIT", b"From here"])
def test_a_line_that_means_something_to_smtp_arrives_as_it_is(line):
    with running() as sink:
        sending(sink.url).send(TO, MAIL + line + b"\r\nEnd\r\n")
        assert sink.mails[0].source == MAIL + line + b"\r\nEnd\r\n"


def test_bare_line_ends_smuggle_no_second_mail():
    """ "\\n.\\n" ends a mail for some servers and not for others."""
    with running() as sink:
        sending(sink.url).send(TO, MAIL + b"One\n.\nMAIL FROM:<evil@example.com>\r.\r\nEnd\r\n")
        [one] = sink.mails
        assert one.source == MAIL + b"One\r\n.\r\nMAIL FROM:<evil@example.com>\r\n.\r\nEnd\r\n"
