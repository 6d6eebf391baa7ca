"""`flask worker` takes mail as it is delivered: a mail server speaks to the process, and an answer is a comment."""

import os
import smtplib
import subprocess
import sys
import time
from contextlib import suppress
from email.message import EmailMessage

import pytest

from tests.committed import committed
from tests.conftest import KEY
from tests.jobs.processes import PATIENCE
from tests.mail_in.conftest import PATTERN
from tests.server.running import free_port
from webapp import create_app
from webapp.config import ROOT, Settings
from webapp.mail_in import addresses, service


@pytest.fixture
def desk(database, settings, tmp_path):
    """An issue on a database of its own, and the port at which a worker takes answers."""
    port = free_port()
    with committed(database, settings) as kept:
        own = {"ENVIRONMENT": "development", "SECRET_KEY": KEY, "CAIRN_DATA": str(tmp_path), "DATABASE_URL": kept.url,
               "MAIL_IN_ADDRESS": PATTERN, "MAIL_IN": f"lmtp://127.0.0.1:{port}"}  # fmt: skip
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | own)
        yield kept, port
        worker.terminate()
        worker.wait(PATIENCE)


@pytest.fixture
def address(desk, tmp_path, monkeypatch):
    """Ada's, by which she answers about the issue."""
    kept, _ = desk
    monkeypatch.setattr(addresses, "_inlet", addresses._inlet)
    given = {"database_url": kept.url, "secret_key": KEY, "cairn_data": tmp_path, "mail_in_address": PATTERN}
    app = create_app(Settings(_env_file=None, **given))
    with app.app_context():
        return service.reply_address(kept.run("SELECT id FROM users WHERE name = 'Ada'"), kept.values["issue"])


def until(condition):
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def test_an_answer_becomes_a_comment(desk, address):
    kept, port = desk
    email = kept.run("SELECT email FROM users WHERE name = 'Ada'")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = email, address, "Re: WALL-1"
    letter["Message-ID"] = "<one@client.test>"
    letter.set_content("Seen.\n\nOn Monday somebody wrote:\n> It moves.\n")

    def connected():
        with suppress(OSError):
            return smtplib.LMTP("127.0.0.1", port, timeout=10)

    with until(connected) as client:
        client.sendmail(email, [address], letter.as_bytes())
    until(lambda: kept.run("SELECT count(*) FROM comments WHERE body = 'Seen.'") == 1)
