"""A server that runs to be asked: Cairn as it is delivered, or another one that a file describes."""

import contextlib
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg2

from bench import usage
from bench.checkouts import environment
from bench.generate import EMAIL, PASSWORD
from bench.visitors import JSON, PAGE, Answer, Request, Visitor

PATIENCE = 120.0  # seconds until a server answers
CONNECTIONS = 4
TOKEN = re.compile(rb'name="csrf_token" value="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of CPU since the server began."""

    application: float
    database: float

    def since(self, before: "Used") -> "Used":
        """What was used after that."""
        return Used(self.application - before.application, self.database - before.database)


class Server:
    """A server of its own process group on a free port, and the PostgreSQL that it uses."""

    def __init__(self, command: Sequence[str], folder: Path, env: dict[str, str], port: int, log: Path) -> None:
        self.port, self.log = port, log
        with log.open("ab") as told:
            self.process = subprocess.Popen(  # noqa: S603
                command, cwd=folder, env=env, stdout=told, stderr=told, start_new_session=True
            )
        self.postmaster = 0

    def ready(self) -> None:
        """Wait until it answers, and log in where that is needed."""
        self.wait("/")

    def wait(self, path: str) -> None:
        """Until it answers there. Raises RuntimeError if it ends or takes too long."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.ask(Request(path)).status < 400:
                    return
            time.sleep(0.1)
        raise RuntimeError("The server did not begin to answer; its log is in the folder of kept things.")

    def ask(self, request: Request) -> Answer:
        """Send one request on a connection of its own."""
        with contextlib.closing(self._connected()) as connection:
            return sent(connection, request)

    def connections(self) -> list[http.client.HTTPConnection]:
        """A few, which stay until they are closed."""
        return [self._connected() for _ in range(CONNECTIONS)]

    def ask_all(
        self, requests: Sequence[Request], expected: Sequence[int], connections: Sequence[http.client.HTTPConnection]
    ) -> int:
        """Send them, on all of the connections at once; returns how many bytes came back.

        Raises RuntimeError for an answer with another status than those expected.
        """
        sizes: list[int] = []
        faults: list[str] = []

        def send(place: int) -> None:
            for request in requests[place :: len(connections)]:
                answer = sent(connections[place], request)
                sizes.append(len(answer.body))
                if answer.status not in expected:
                    faults.append(f"{request.method} {request.path}: {answer.status} {answer.body[:300]!r}")

        threads = [threading.Thread(target=send, args=[place]) for place in range(len(connections))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if faults or len(sizes) != len(requests):
            raise RuntimeError(faults[0] if faults else "The server left a request without an answer.")
        return sum(sizes)

    def used(self) -> Used:
        """The CPU of the application, and of PostgreSQL."""
        application = usage.cpu(self.process.pid, without=self.postmaster)
        return Used(application, usage.cpu(self.postmaster) if self.postmaster else 0.0)

    def memory(self) -> float:
        """The application's MiB."""
        return usage.memory(self.process.pid, without=self.postmaster)

    def stop(self) -> None:
        """End it, and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)


class Cairn(Server, Visitor):
    """Cairn's own code with the settings of production, on a data folder with an embedded PostgreSQL."""

    def __init__(self, code: Path, data: Path, site: str = "") -> None:
        self.code, self.data = code, data
        port = free_port()
        self.environment = environment(
            data, PORT=str(port), WEB_CONCURRENCY="2", ENVIRONMENT="production", SECRET_KEY=_key(data),
            BASE_URL=f"https://{site}" if site else f"http://127.0.0.1:{port}", LIMIT_FACTOR="0",
        )  # fmt: skip
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
        super().__init__(command, code, self.environment, port, data.with_suffix(".log"))

    def ready(self) -> None:
        """Wait until it answers, bring its tables in order after migrations, and log in as API and as browser."""
        self.wait("/readyz")
        self.postmaster, self.dsn = listening(self.data)
        self.run("VACUUM ANALYZE")
        self.bearer, self.cookies = self.logged_in(EMAIL, PASSWORD)
        page = self.ask(self.page("/projects"))
        self.csrf = _csrf(page)

    def run(self, statement: str, *values: Any) -> list[Any]:
        with contextlib.closing(psycopg2.connect(self.dsn)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []

    def logged_in(self, email: str, password: str) -> tuple[dict[str, str], dict[str, str]]:
        """The headers of somebody who is logged in: those of an API client, and those of a browser."""
        said = {"email": email, "password": password}
        kinds = {"Accept": JSON, "Content-Type": JSON}
        told = json.loads(self.ask(Request("/auth/login", "POST", kinds, json.dumps(said))).body)
        form = self.ask(Request("/auth/login", "GET", {"Accept": PAGE}))
        kinds = {"Accept": PAGE, "Content-Type": "application/x-www-form-urlencoded", "Cookie": _cookies(form)}
        filled = urlencode({**said, "csrf_token": _csrf(form)})
        entered = self.ask(Request("/auth/login", "POST", kinds, filled))
        if entered.status != 303:
            raise RuntimeError(f"The form of the login answered {entered.status}.")
        return {"Authorization": f"Bearer {told['access_token']}"}, {"Cookie": _cookies(entered)}


@contextlib.contextmanager
def stopping(servers: Sequence[Server]) -> Iterator[None]:
    """End the servers with the block."""
    try:
        yield
    finally:
        for server in servers:
            server.stop()


def listening(data: Path) -> tuple[int, str]:
    """The process of the embedded PostgreSQL that runs on a data folder, and how to connect to it."""
    (path,) = (data / "postgres").glob("data*/postmaster.pid")
    pid, _, _, _, place, *_ = path.read_text().splitlines()
    return int(pid), f"host={(path.parent / place).resolve()} user=cairn dbname=cairn"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _key(data: Path) -> str:
    """The same for the same folder, so that what is signed stays valid."""
    path = data / "production.key"
    if not path.exists():
        path.write_text(secrets.token_hex(32))
    return path.read_text()


def sent(connection: http.client.HTTPConnection, request: Request) -> Answer:
    """What comes back for a request."""
    connection.request(request.method, request.path, request.body, request.headers)
    answer = connection.getresponse()
    return Answer(answer.status, answer.getheaders(), answer.read())


def _cookies(answer: Answer) -> str:
    """What a browser sends back of the cookies that it was given."""
    given = [value.split(";")[0] for name, value in answer.headers if name.lower() == "set-cookie"]
    return "; ".join(one for one in given if not one.endswith("="))


def _csrf(page: Answer) -> str:
    found = TOKEN.search(page.body)
    return found[1].decode() if found else ""
