"""`flask mail-in`, as a mail server's pipe calls it."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError


@pytest.fixture
def pipe(desk):
    def run(source, *options):
        raw = source if isinstance(source, bytes) else source.as_bytes()
        return desk.app.test_cli_runner().invoke(args=["mail-in", *options], input=raw).exit_code

    return run


def test_a_mail_is_taken_for_the_address_in_its_head(desk, pipe):
    assert pipe(b"From bob Sat Nov 28 10:00:00 2026\n" + desk.letter().as_bytes()) == 0
    desk.mailing.drain()
    assert desk.comments() == ["Seen."]


def test_the_address_may_be_named(desk, pipe):
    assert pipe(desk.letter(To="undisclosed-recipients:;"), "--to", desk.address()) == 0
    assert pipe(desk.letter(To="undisclosed-recipients:;"), "--to", desk.address()) == 0
    desk.mailing.drain()
    assert desk.comments() == ["Seen."]


@pytest.mark.parametrize("source", [b"", b"\x00\xff", b"no head at all", b"To: x@y.test\n\nSeen."])
def test_what_is_none_of_ours_is_given_back(pipe, source):
    assert pipe(source) == 65


def test_what_cannot_be_written_down_now_is_to_be_sent_again(desk, pipe, monkeypatch):
    def away(*_):
        raise OperationalError("", {}, Exception("away"))

    monkeypatch.setattr("webapp.mail_in.repository.add", away)
    assert pipe(desk.letter()) == 75


def test_settings_are_checked(monkeypatch):
    from pydantic import ValidationError

    from webapp.config import Settings

    wrong: tuple[Any, ...] = (
        {"mail_in_address": "cairn@example.org"}, {"mail_in_address": "cairn@{token}.org"}, {"mail_in": "lmtp://x"},
        {"mail_in": "lmtp://127.0.0.1:8024"}, {"mail_in": "smtp://x:25", "mail_in_address": "c+{token}@x.org"},
    )  # fmt: skip
    for given in wrong:
        with pytest.raises(ValidationError):
            Settings(_env_file=None, **given)
    Settings(_env_file=None, mail_in="lmtp://127.0.0.1:8024", mail_in_address="cairn+{token}@example.org")
