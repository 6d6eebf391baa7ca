"""Workers that are killed while they send lose no mail, and what comes twice is known by its Message-ID.

`python -m tests.mail.test_killed 100` kills as many, and prints what it counted.
"""

import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from tests.conftest import KEY
from tests.databases import connected, empty_database
from tests.jobs import mortal
from tests.mail.sink import Sink, running
from webapp import create_app, embedded, migrations
from webapp.config import Settings
from webapp.db import db
from webapp.mail import service as mail
from webapp.mail.service import Note


def kill(url: str, folder: Path, sink: Sink, kills: int) -> dict[str, int]:
    """Post ten times as many mails as workers are killed: more than are sent until the last of them.

    Half of them are killed after a mail was taken, half at any time.
    """
    given = {"DATABASE_URL": url, "SECRET_KEY": KEY, "CAIRN_DATA": str(folder), "MAIL_URL": sink.url,
             "MAIL_FROM": "cairn@cairn.test", "ENVIRONMENT": "development"}  # fmt: skip
    post(url, folder, given["MAIL_URL"], 10 * kills)
    killed = mortal.kill(url, given, kills)
    with closing(connected(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT message_id, state FROM mails")
        states = dict(cursor.fetchall())
    lost = [one for one in states if not sink.counts[one]]
    return {
        "killed": killed,
        "mails": len(states),
        "marked as sent": sum(state == "sent" for state in states.values()),
        "lost": len(lost),
        "arrived again": sum(number - 1 for number in sink.counts.values()),
        "under an unknown id": len(sink.counts.keys() - states.keys()),
    }


def post(url: str, folder: Path, server: str, number: int) -> None:
    given: Any = {"mail_url": server, "mail_from": "cairn@cairn.test"}
    app = create_app(Settings(_env_file=None, database_url=url, secret_key=KEY, cairn_data=folder, **given))
    migrations.init_app(app)
    with app.app_context():
        upgrade()
        mail.post_all([Note("test", f"somebody{place}@example.com", {}) for place in range(number)])
        db.engine.dispose()


def test_whoever_is_killed_loses_no_mail(database, tmp_path, mailing):
    with empty_database(database) as url, running() as sink:
        counted = kill(url, tmp_path, sink, kills=8)
    assert counted["lost"] == counted["under an unknown id"] == 0
    assert counted["marked as sent"] == counted["mails"]
    assert counted["arrived again"] >= 4


if __name__ == "__main__":
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cairn-kills-")))
        home.chmod(0o755)
        server = embedded.acquire(home / "postgres", durable=False)
        stack.callback(server.release)
        url = stack.enter_context(empty_database(server.url("cairn")))
        for name, count in kill(url, home, stack.enter_context(running()), kills=int(sys.argv[1])).items():
            print(f"{count:>5}  {name}")
