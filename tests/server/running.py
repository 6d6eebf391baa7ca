"""Cairn as it is in life: gunicorn and its workers, on a port and over a database of their own."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import KEY
from tests.databases import connected
from tests.make import PASSWORD
from tests.prepared import started_database
from webapp.config import ROOT

GUNICORN = ROOT / "tests/server/cheaply.py"
PATIENCE = 60  # seconds, for a machine that has much else to do


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    token: str
    password: str = PASSWORD


class Server:
    """Gunicorn in a process of its own."""

    def __init__(self, database: str, folder: Path, origin: str, root: Path = ROOT, **settings: str) -> None:
        self.database, self.port, self.log, self.root = database, free_port(), folder / "server.log", root
        self.url = f"http://localhost:{self.port}"
        self.settings = {
            "DATABASE_URL": database,
            "PORT": str(self.port),
            "CAIRN_DATA": str(folder),
            "BACKEND_CORS_ORIGINS": origin,
            "WEB_CONCURRENCY": "2",
            **settings,
        }
        self.log.unlink(missing_ok=True)
        self.process = self.begin()

    def begin(self) -> subprocess.Popen[bytes]:
        """Start it; again on the same port, as a supervisor does, if there was one before."""
        with self.log.open("ab") as log:
            self.process = start(log, self.root, **self.settings)
        return self.process

    def filled_by(self, module: str) -> dict[str, Any]:
        """What a module says that writes into our database. In a process of its own: an application sets what its
        process shares."""
        given = {"DATABASE_URL": self.database, "CAIRN_DATA": str(self.log.parent), "SECRET_KEY": KEY}
        environ = {**os.environ, **given, "ENVIRONMENT": "development", "EXTERNAL_IMAGES": "proxy"}
        made = subprocess.run(
            [sys.executable, "-m", module], cwd=ROOT, env=environ, stdout=subprocess.PIPE, check=True
        )
        said: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
        return said

    def wait_until_ready(self) -> None:
        """The first worker answers before the second is there."""
        deadline = time.monotonic() + PATIENCE
        while not (self.is_ready() and len(self.workers) >= 2):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether it can be asked, and says that it is ready."""
        try:
            return self.ask("GET", "/readyz").status == 200
        except (OSError, HTTPException):
            return False

    def stop(self) -> None:
        end(self.process)

    @property
    def workers(self) -> set[int]:
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True)
        return set(map(int, found.stdout.split()))

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """Let one worker answer everything; the others stand still."""
        others = self.workers - {worker}
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            wait(lambda: all(stands_still(pid) for pid in others))
            yield
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: Person | None = None,
        page: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own; `page` asks as a browser does."""
        headers = {"Accept": "text/html" if page else "application/json", **(headers or {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if by is not None:
            headers["Authorization"] = f"Bearer {by.token}"
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode())

    def upload(self, path: str, content: bytes, *, by: Person) -> Answer:
        """Send a file as a form of one field does."""
        edge = secrets.token_hex(8)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        headers = {"Accept": "application/json", "Content-Type": f"multipart/form-data; boundary={edge}"}
        headers["Authorization"] = f"Bearer {by.token}"
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode())

    def person(self, name: str = "Ada") -> Person:
        """Somebody new, who has an account and is logged in by token.

        All tests come from one address: when others have registered many people, it has to wait.
        """
        email = f"{name.lower()}.{secrets.token_hex(4)}@example.com"
        asked = {"name": name, "email": email, "password": PASSWORD}
        made = self.ask("POST", "/auth/register", asked)
        while made.status == 429:
            time.sleep(float(made.headers["Retry-After"]))
            made = self.ask("POST", "/auth/register", asked)
        assert made.status == 201, made
        return self.log_in(Person(name, email, token=""))

    def log_in(self, person: Person) -> Person:
        answer = self.ask("POST", "/auth/login", {"email": person.email, "password": person.password})
        assert answer.status == 200, answer
        return Person(person.name, person.email, answer.json["access_token"], person.password)

    def project(self, by: Person, **fields: Any) -> str:
        """The address of a new project."""
        made = self.ask("POST", "/projects", {"name": "Rockery", **fields}, by=by)
        assert made.status == 201, made
        return made.headers["Location"]

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """What the database says, asked behind the server's back."""
        with closing(connected(self.database)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [row[0] if len(row) == 1 else row for row in cursor.fetchall()]


@dataclass
class Site:
    """Somebody else's pages, the same at every name of this machine."""

    port: int
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a server to stop, and wait for it; one that does not is killed, and fails the test."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def start(log: Any, root: Path = ROOT, **settings: str) -> subprocess.Popen[bytes]:
    """Start gunicorn as bin/serve does, but for the cost of passwords; `root` is the checkout.

    Tests do more than people may: there are no limits.
    """
    ours = {"ENVIRONMENT": "development", "SECRET_KEY": KEY, "PYTHONUNBUFFERED": "1", "WORKER": "off"}
    given = {**ours, "LIMIT_FACTOR": "0", **settings}
    command = [sys.executable, str(GUNICORN), "--config", str(root / "gunicorn.conf.py"), "wsgi:app"]
    return subprocess.Popen(
        command, cwd=root, env=os.environ | given, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
    )


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site of the test's own for a while."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        site = Site(server.server_port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()


@pytest.fixture(scope="session")
def front_end() -> Iterator[Site]:
    """A site whose scripts Cairn trusts."""
    with serving() as site:
        yield site


def stands_still(pid: int) -> bool:
    """Whether each thread of a process has stopped: one of them hears of it first, and the others may go on until then."""
    try:
        told = [(one / "stat").read_text() for one in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:  # one of them has ended meanwhile
        return False
    return {one.rpartition(")")[2].split()[0] for one in told} == {"T"}


def wait(until: Callable[[], Any], patience: float = PATIENCE) -> None:
    """Look again and again whether it is so; fails after so many seconds."""
    deadline = time.monotonic() + patience
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def ready(database: str, folder: Path, origin: str, root: Path = ROOT, **settings: str) -> Iterator[Server]:
    """Cairn, served with two workers on a database of its own beside `database`, from when it is ready."""
    with started_database(database, folder) as address:
        running = Server(address, folder, origin, root, **settings)
        try:
            running.wait_until_ready()
            yield running
        finally:
            running.stop()


@pytest.fixture(scope="session")
def server(database: str, front_end: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Cairn, for all tests that leave each other alone on it."""
    with ready(database, tmp_path_factory.mktemp("server"), front_end.origin) as running:
        yield running


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    """Somebody who has an account on the running server; a login by token is over after a quarter of an hour."""
    return server.person()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """When a test fails, its server's last words stand beside it."""
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and running is not None:  # type: ignore[attr-defined]
        lines = running.log.read_text(errors="replace").splitlines()
        report.sections.append(("the server's log", "\n".join(lines[-80:])))  # type: ignore[attr-defined]
    return report
