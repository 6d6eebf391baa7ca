"""Cairn in production behind the shipped nginx, as a client meets both."""

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

import pytest

from tests.deploy.test_nginx import NGINX, configured
from tests.prepared import keep_files, migrated_database
from tests.server.running import PATIENCE, Answer, Server, free_port, wait

SITE = {"Host": "cairn.test"}


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

    def wait_until_logged(self, text: str) -> None:
        """nginx answers first, and tells its log then."""
        wait(lambda: text in self.logs)

    @property
    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in (*self.folder.glob("*.log"), self.server.log))


@pytest.fixture(scope="module")
def front(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    strict = {"ENVIRONMENT": "production", "BASE_URL": "https://cairn.test", "TRUSTED_PROXIES": "1"}
    strict["REQUIRE_SECOND_FACTOR"] = "none"  # the first account is an administrator
    data = tmp_path_factory.mktemp("server")
    with migrated_database(database) as address:
        keep_files(address, data)
        server = Server(
            address,
            data,
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
