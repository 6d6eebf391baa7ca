"""From a row to the server that takes it, by real SMTP."""

import pytest

from webapp.db import db
from webapp.mail import service as mail
from webapp.models.mails import Mail


@pytest.fixture
def row(app):
    """A mail as it lies in the database."""

    def read(mail_id: int) -> Mail:
        with app.app_context():
            return db.session.get_one(Mail, mail_id)

    return read


@pytest.fixture
def post(app):
    def post(*arguments, **options):
        with app.app_context():
            return mail.post(*arguments, **options)

    return post


def test_a_mail_that_is_posted_arrives(mailing, sink, post, row, ada):
    number = post("test", ada, {})
    assert sink.mails == []
    assert mailing.drain() == ["send_mail"]
    [received] = sink.mails
    assert (received.sender, received.to) == ("cairn@cairn.test", [ada.email])
    assert received.message["To"] == f"Ada <{ada.email}>"
    assert "Open Cairn\n  https://cairn.test/\n" in received.body().replace("\r\n", "\n")
    assert (row(number).state, row(number).answer) == ("sent", "250 2.0.0 Taken as number 1")
