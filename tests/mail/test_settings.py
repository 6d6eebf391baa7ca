"""MAIL_URL and MAIL_FROM: what they mean, and that a wrong one is told in a line which does not repeat it."""

import pytest
from pydantic import ValidationError

from webapp import config
from webapp.config import Settings, mail_url
from webapp.config.mail_url import MailServer, Sender, Tls

FROM = "Cairn <cairn@example.org>"


@pytest.mark.parametrize(
    ("url", "means"),
    [
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, "", "", Tls.OFFERED, 10)),
        ("smtp://127.0.0.1:25", MailServer("127.0.0.1", 25, "", "", Tls.OFFERED, 10)),
        ("smtps://mail.example.org", MailServer("mail.example.org", 465, "", "", Tls.ALWAYS, 10)),
        ("smtp://a:b@mail.example.org", MailServer("mail.example.org", 587, "a", "b", Tls.REQUIRED, 10)),
        ("smtp://a:b@127.0.0.1", MailServer("127.0.0.1", 587, "a", "b", Tls.OFFERED, 10)),
        ("smtp://a:b@mail.example.org?tls=none", MailServer("mail.example.org", 587, "a", "b", Tls.NONE, 10)),
        ("smtp://m?tls=required&timeout=3", MailServer("m", 587, "", "", Tls.REQUIRED, 3)),
        (
            "smtp://ada%40home:p%3A%2F%40%C3%BC@[::1]:2525/",
            MailServer("::1", 2525, "ada@home", "p:/@ü", Tls.OFFERED, 10),
        ),
    ],
)
def test_an_address_says_how_the_server_is_reached(url, means):
    assert mail_url.server(url) == means


@pytest.mark.parametrize(
    "url",
    [
        "sesame", "smtp://", "http://sesame.example", "smtp://sesame.example:0", "smtp://sesame.example:99999",
        "smtp://ada@sesame.example", "smtp://:sesame@m", "smtp://m/sesame", "smtp://m#sesame", "smtp://m?tls=sesame",
        "smtp://m?timeout=sesame", "smtp://m?timeout=0", "smtp://m?timeout=61", "smtp://m?timeout=nan",
        "smtp://m?sesame=1", "smtps://m?tls=none", "smtp://ada:ses#ame@m", "smtp://m?sesame",
    ],
)  # fmt: skip
def test_a_wrong_address_stops_the_start_with_a_line(monkeypatch, capsys, url):
    monkeypatch.setenv("MAIL_URL", url)
    monkeypatch.setenv("MAIL_FROM", FROM)
    with pytest.raises(SystemExit):
        config.load()
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("cairn: MAIL_URL: must ")
    if "?sesame=" not in url:
        assert "sesame" not in line


@pytest.mark.parametrize(
    "sender", ["cairn", "Cairn <cairn>", "cairn@", "a b@example.org", "Cairn <jürgen@example.org>"]
)
def test_a_wrong_sender_stops_the_start_with_a_line(monkeypatch, capsys, sender):
    monkeypatch.setenv("MAIL_FROM", sender)
    with pytest.raises(SystemExit):
        config.load()
    [line] = capsys.readouterr().err.splitlines()
    assert line == "cairn: MAIL_FROM: must be like Cairn <cairn@example.org>"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        (FROM, Sender("Cairn", "cairn@example.org")),
        ("cairn@localhost", Sender("Cairn", "cairn@localhost")),
        ('"Cairn, of Zoë" <c+x@example.org>', Sender("Cairn, of Zoë", "c+x@example.org")),
    ],
)
def test_a_sender_has_an_address_and_perhaps_a_name(text, means):
    assert mail_url.sender(text) == means


def test_a_server_needs_a_sender():
    with pytest.raises(ValidationError, match="MAIL_FROM: must be set with MAIL_URL"):
        Settings(_env_file=None, mail_url="smtp://m")


def test_a_password_is_shown_by_nothing():
    settings = Settings(_env_file=None, mail_url="smtp://ada:sesame@m", mail_from=FROM)
    assert "sesame" not in f"{settings!r} {settings.mail_server!r} {settings.model_dump()}"


@pytest.mark.parametrize(
    ("host", "bound", "address"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000"), ("0.0.0.0", "0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("::", "[::]:8000", "http://127.0.0.1:8000"), ("[::1]", "[::1]:8000", "http://[::1]:8000"),
    ],
)  # fmt: skip
def test_links_lead_where_it_can_be_reached(host, bound, address):
    here = Settings(_env_file=None, host=host, port=8000)
    assert (here.bound, here.address) == (bound, address)
