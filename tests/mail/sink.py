"""Servers that take mail, or do not: real ones, on a port of their own. Use the fixtures `sink` and `mailing`."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from flask import Flask

from webapp.config import Settings
from webapp.config.keys import Ring
from webapp.jobs import worker
from webapp.mail import delivering, office
from webapp.outside.breaker import Breaker

KEY = "not-a-real-key-for-links-in-mails-012345"


@dataclass(frozen=True)
class Received:
    """A mail as it arrived, and over which connection."""

    sender: str
    to: list[str]
    source: bytes
    is_encrypted: bool

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.source, policy=policy.default)

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])

    def body(self, kind: str = "plain") -> str:
        return str(self.message.get_body((kind,)).get_content()).replace("\r\n", "\n")


class Sink:
    """Takes whatever comes. `says` has an answer for a step (mail, rcpt, data) instead of a yes, as `550 No.`;
    `pause` is how long it thinks about a mail, in seconds.
    """

    def __init__(
        self,
        *,
        certificate: Path | None = None,
        starttls: bool = True,
        login: tuple[str, str] | None = None,
        knows_utf8: bool = True,
    ):
        self.mails: list[Received] = []
        self.says: dict[str, str] = {}
        self.pause = 0.0
        self.connections = 0
        self.logins: list[str] = []
        self.login = login
        options: dict[str, Any] = {"enable_SMTPUTF8": knows_utf8, "ident": "Sink"}
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        if login:
            options |= {
                "auth_required": True,
                "authenticator": self._log_in,
                "auth_require_tls": certificate is not None,
            }
        if starttls:
            options["tls_context"] = context
        self._options, self._context = options, None if starttls else context
        self._open: list[SMTP] = []
        self._loop, self.port = asyncio.new_event_loop(), 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}"

    @property
    def counts(self) -> Counter[str]:
        """How often each mail arrived, by its id."""
        return Counter(one.id for one in self.mails)

    def start(self) -> "Sink":
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def hang_up(self) -> None:
        """Close all connections, without a word."""

        async def close() -> None:
            for one in self._open:
                one.transport.abort()
            self._open.clear()
            await asyncio.sleep(0)

        asyncio.run_coroutine_threadsafe(close(), self._loop).result()

    async def _listen(self) -> int:
        def connected() -> SMTP:
            self.connections += 1
            self._open.append(SMTP(self, loop=self._loop, **self._options))
            return self._open[-1]

        self._server = await self._loop.create_server(connected, "127.0.0.1", 0, ssl=self._context)
        return int(self._server.sockets[0].getsockname()[1])

    async def _leave(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def handle_EHLO(self, server: Any, session: Session, envelope: Envelope, name: str, said: list[str]) -> Any:
        session.host_name = name
        return said

    async def handle_MAIL(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if "mail" not in self.says:
            envelope.mail_from = address
        return self.says.get("mail", "250 OK")

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if "rcpt" not in self.says:
            envelope.rcpt_tos.append(address)
        return self.says.get("rcpt", "250 OK")

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.pause)
        if "data" in self.says:
            return self.says["data"]
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.mails.append(
            Received(
                envelope.mail_from or "",
                list(envelope.rcpt_tos),
                content,
                server.transport.get_extra_info("sslcontext") is not None,
            )
        )
        return f"250 2.0.0 Taken as number {len(self.mails)}"

    def _log_in(self, server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        given = data.login.decode(), data.password.decode()
        self.logins.append(given[0])
        return AuthResult(success=given == self.login, handled=given == self.login)


class Mute:
    """Lets anybody connect, and then says nothing; or, if it has `words`, one byte of them each so many seconds."""

    def __init__(self, words: bytes = b"", every: float = 0.2) -> None:
        self.connections = 0
        self._words, self._every = words, every
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.url = f"smtp://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        for one in (self._listening, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                taken, _ = self._listening.accept()
                self.connections += 1
                self._open.append(taken)
                threading.Thread(target=self._speak, args=[taken], daemon=True).start()

    def _speak(self, taken: socket.socket) -> None:
        rest = threading.Event()
        with suppress(OSError):
            for place in range(len(self._words)):
                taken.sendall(self._words[place : place + 1])
                rest.wait(self._every)


class Mailing:
    """Lets the application of a test send: `drain()` does what the worker would."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings

    def by(self, url: str | None, **more: Any) -> None:
        """Send by this server from now on; without one as in development, into a folder."""
        values = {"base_url": "https://cairn.test", "mail_url": url, "mail_from": "Cairn <cairn@cairn.test>", **more}
        known = {"database_url", "secret_key", "cairn_data", "environment"}
        given: Any = {name: getattr(self.settings, name) for name in known} | values
        office.configure(Settings(_env_file=None, **given), Ring(KEY))

    def drain(self, *, ahead: float = 0, strict: bool = True) -> list[str]:
        """Do all jobs that are due, or will be in so many seconds."""
        return worker.drain(self.app, ahead=ahead, strict=strict)


@contextmanager
def running(*arguments: Any, **options: Any) -> Iterator[Sink]:
    """A sink for a while."""
    sink = Sink(*arguments, **options).start()
    try:
        yield sink
    finally:
        sink.stop()


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A server that takes mail."""
    with running() as sink:
        yield sink


@pytest.fixture
def mute() -> Iterator[Callable[..., Mute]]:
    """`mute()` accepts and never answers."""
    made: list[Mute] = []
    yield lambda *arguments: made.append(Mute(*arguments)) or made[-1]
    for one in made:
        one.stop()


@pytest.fixture
def mailing(app: Flask, settings: Settings, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailing]:
    """The application sends its mail to `sink`, from a site called https://cairn.test."""
    # Undone by what undoes the changes of tests, in its order: whoever changes the office once more leaves it as it was.
    monkeypatch.setattr(office, "_office", office._office)
    monkeypatch.setattr(delivering, "_breaker", Breaker())
    mailing = Mailing(app, settings)
    mailing.by(sink.url)
    yield mailing
    delivering._sending.cache_clear()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of a server called localhost, which nobody but itself vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    key = file.with_suffix(".key")
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        "-keyout", str(key), "-out", str(file),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(key.read_text() + file.read_text())
    return file
