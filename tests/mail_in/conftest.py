"""People who answer mails: `answer` hands one in as a mail server does, and lets the worker do what follows."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from webapp.config.keys import Ring
from webapp.db import db, transacting
from webapp.mail_in import addresses, service
from webapp.mail_in.addresses import Inlet

PATTERN = "cairn+{token}@in.test"


class Desk:
    """A project with an issue, and mail that comes in for it."""

    def __init__(self, app: Flask, make: Any, ada: Any, mailing: Any, api: Any) -> None:
        self.app, self.make, self.ada, self.mailing, self.api = app, make, ada, mailing, api
        self.project = make.project(ada, key="WALL")
        self.bob = make.member(self.project, "member", name="Bob")
        self.issue = make.issue(self.project, ada, title="A stone")
        self.url = "/projects/WALL/issues/1"

    def run(self, statement: str, **values: Any) -> Any:
        with self.app.app_context(), transacting():
            found = db.session.execute(text(statement), values)
            return found.all() if found.returns_rows else None  # type: ignore[attr-defined]

    def address(self, who: Any = None) -> str:
        with self.app.app_context():
            return service.reply_address((who or self.bob).id, self.issue.id)

    def letter(self, body: str = "Seen.", who: Any = None, **heads: str) -> EmailMessage:
        letter = EmailMessage()
        letter["From"] = (who or self.bob).email
        letter["To"] = self.address(who)
        letter["Subject"] = "Re: WALL-1 A stone"
        letter["Message-ID"] = f"<{len(body)}.{abs(hash(body))}@client.test>"
        for name, value in heads.items():
            del letter[name.replace("_", "-")]
            letter[name.replace("_", "-")] = value
        letter.set_content(body)
        return letter

    def take(self, source: EmailMessage | bytes, to: str = "") -> tuple[str, str]:
        """Hand it in, and let it be done; what became of it, and why."""
        raw = source if isinstance(source, bytes) else source.as_bytes()
        with self.app.app_context():
            service.receive(raw, to or self.address())
        self.mailing.drain()
        state, answer = self.run("SELECT state, answer FROM incoming_mails ORDER BY id DESC LIMIT 1")[0]
        return state, answer

    def comments(self) -> list[str]:
        return [row.body for row in self.run("SELECT body FROM comments ORDER BY id")]

    def see(self) -> Any:
        return self.api(self.ada).get(self.url)


@pytest.fixture
def desk(
    app: Flask, make: Any, ada: Any, mailing: Any, api: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    monkeypatch.setattr(addresses, "_inlet", Inlet(PATTERN, Ring("a key of these tests"), None, 30 * 1024 * 1024))
    return Desk(app, make, ada, mailing, api)
