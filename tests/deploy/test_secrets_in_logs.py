"""Whoever reads the proxy's log or Cairn's must not be able to use what stands there.

One secret of each kind goes through the shipped nginx to a real server, on ways that work and on ways that fail.
"""

import json
import secrets
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from time import sleep
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from tests.databases import empty_database
from tests.deploy.test_nginx import NGINX, configured, needs_nginx
from tests.make import PASSWORD
from tests.server.running import PATIENCE, Answer, Server, free_port

pytestmark = needs_nginx
SITE = {"Host": "cairn.test"}
PAGE = {"Accept": "text/html", "Origin": "https://cairn.test"}


@dataclass
class Front:
    """Cairn in production behind the shipped proxy."""

    server: Server
    http: int
    https: int
    folder: Path

    def ask(self, method: str, path: str, body: Any = None, *, tls: bool = True, **headers: str) -> Answer:
        """One request through the proxy; a dictionary is sent as JSON, a text as a form."""
        if body is not None:
            kind = "x-www-form-urlencoded" if isinstance(body, str) else "json"
            headers.setdefault("Content-Type", f"application/{kind}")
        trusting = ssl._create_unverified_context()
        link = (
            HTTPSConnection("127.0.0.1", self.https, timeout=PATIENCE, context=trusting)
            if tls
            else HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE)
        )
        with closing(link):
            sent = json.dumps(body) if isinstance(body, dict) else body
            link.request(method, path, sent, SITE | {name.replace("_", "-"): v for name, v in headers.items()})
            answer = link.getresponse()
            told = dict(answer.getheaders())
            told["cookies"] = "; ".join(c.partition(";")[0] for c in answer.headers.get_all("Set-Cookie") or [])
            return Answer(answer.status, told, answer.read().decode())

    def raw(self, request: str, *, proxy: bool) -> None:
        """What no client of ours would send, to the proxy or past it."""
        with socket.create_connection(("127.0.0.1", self.http if proxy else self.server.port), PATIENCE) as link:
            link.sendall(request.encode())
            while link.recv(4096):
                pass

    @property
    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in (*self.folder.glob("*.log"), self.server.log))


@pytest.fixture(scope="module")
def front(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    strict = {"ENVIRONMENT": "production", "BASE_URL": "https://cairn.test", "TRUSTED_PROXIES": "1"}
    with empty_database(database) as address:
        server = Server(
            address,
            tmp_path_factory.mktemp("server"),
            "https://app.test",
            SECRET_KEY=secrets.token_hex(32),
            **strict,  # type: ignore[arg-type]
        )
        front = Front(server, free_port(), free_port(), folder)
        whole = configured(folder, http=front.http, https=front.https, upstream=server.port)
        proxy = subprocess.Popen([str(NGINX), "-p", folder, "-e", folder / "error.log", "-c", whole])
        try:
            server.wait_until_ready()
            while front.ask("GET", "/healthz").status != 200:
                sleep(0.05)
            yield front
        finally:
            proxy.terminate()
            proxy.wait(PATIENCE)
            if server.process.poll() is None:
                server.stop()


def test_no_log_tells_a_secret(front: Front):
    told = typed(front)
    for path in ways(told):
        for method, headers in (
            ("GET", {}),
            ("GET", PAGE),
            ("POST", PAGE),
            ("GET", {"Referer": f"https://cairn.test{path}"}),
        ):
            front.ask(method, path, **headers)  # type: ignore[arg-type]
        front.ask("GET", path, tls=False)
        front.ask("POST", path, "x" * 16, Content_Length=str(200 * 2**20))
        for proxy in (True, False):
            front.raw(f"GET {path} HTTP/9.9\r\nHost: cairn.test\r\n\r\n", proxy=proxy)
            front.raw(f"GET {path} x\r\nHost: cairn.test\r\n\r\n", proxy=proxy)
            front.raw(f"GET / HTTP/1.1\r\nHost: cairn.test\r\nX {path}: {path}\r\n\r\n", proxy=proxy)
            front.raw(f"GET {path}&{'x' * 40_000} HTTP/1.1\r\nHost: cairn.test\r\n\r\n", proxy=proxy)
    front.server.stop()
    for path in ways(told):
        assert front.ask("GET", path).status == 502
    logs = front.logs
    assert {kind for kind, secret in told.items() if secret in logs} == set()
    assert '"GET /issues.ics HTTP/1.1" 200' in logs
    assert '"GET /issues.ics HTTP/1.1" 502' in logs
    assert '"GET /invitations/- HTTP/1.1" 200' in logs
    assert '"path": "/invitations/…"' in logs


def typed(front: Front) -> dict[str, str]:
    """A secret of each kind, each of which was sent as it is meant to be."""
    person = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
    assert front.ask("POST", "/auth/register", person).status == 201
    login = front.ask("POST", "/auth/login", {"email": "ada@example.com", "password": PASSWORD}).json
    bearer = {"Authorization": f"Bearer {login['access_token']}"}
    renewed = front.ask("POST", "/auth/refresh", {"refresh_token": login["refresh_token"]}).json
    kept = front.ask("POST", "/auth/login", {"email": "ada@example.com", "password": PASSWORD, "cookie": True})
    cookie = {
        "Cookie": kept.headers["cookies"],
        "X_CSRF_TOKEN": kept.json["csrf_token"],
        "Origin": "https://cairn.test",
    }
    key = secrets.token_urlsafe(24)
    made = front.ask("POST", "/projects", {"name": "Wall"}, Idempotency_Key=key, **cookie)
    assert made.status == 201, made
    invited = front.ask("POST", f"{made.headers['Location']}/members", {"email": "eve@example.com"}, **bearer).json  # type: ignore[arg-type]
    feed = front.ask("POST", "/auth/feeds", {"name": "Phone"}, **bearer).json["token"]  # type: ignore[arg-type]
    assert front.ask("GET", f"/issues.ics?token={feed}").status == 200
    form = {"email": "ada@example.com", "password": f"wrong {PASSWORD}", "csrf_token": kept.json["csrf_token"]}
    front.ask("POST", "/auth/login", "&".join(f"{k}={quote(v)}" for k, v in form.items()), **(PAGE | cookie))
    return {
        "password": PASSWORD,
        "password in a form": quote(PASSWORD),
        "bearer": login["access_token"],
        "refresh token": login["refresh_token"],
        "its successor": renewed["refresh_token"],
        "cookie": max(kept.headers["cookies"].split("; "), key=len).partition("=")[2],
        "CSRF token": kept.json["csrf_token"],
        "idempotency key": key,
        "invitation": urlsplit(invited["link"]).path.rpartition("/")[2],
        "feed token": feed,
    }


def ways(told: dict[str, str]) -> Iterator[str]:
    """Addresses that hold a secret: those that are meant to, and those that people get wrong."""
    invitation, feed = told["invitation"], told["feed token"]
    for path in (f"/invitations/{invitation}", f"/invitations/{invitation}/account"):
        yield path
        yield f"/{path}"
        yield path.replace("/invitations", "/Invitations").replace("ns/", "ns//")
        yield f"/auth/login?next={path}"
        yield f"/auth/login?next={quote(path, safe='')}"
    for path in (f"/issues.ics?token={feed}", f"/issues?token={feed}", f"/nowhere?token={feed}", f"/{feed}"):
        yield path
        yield f"/auth/login?next={quote(path, safe='')}"
    for kind in ("bearer", "refresh token", "CSRF token", "password in a form"):
        yield f"/auth/refresh?refresh_token={told[kind]}"
