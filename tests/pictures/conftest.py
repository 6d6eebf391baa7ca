"""A site with pictures on loopback, which the operator allows for the test."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from webapp.config.allowed import Allowed
from webapp.pictures import service, store
from webapp.text import elsewhere


class Site:
    """What it has, by path: (status, headers, body); `asked` are the requests that came, with their headers."""

    def __init__(self) -> None:
        self.has: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.seconds = 0.0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                time.sleep(site.seconds)
                status, headers, body = site.has.get(self.path, (404, {}, b"none"))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):  # who asked may be gone
                    self.wfile.write(body)

            def log_message(self, *words: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def shows(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Let it have something there; returns the address."""
        self.has[path] = status, headers, body
        return self.url + path


@pytest.fixture
def site(app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    site = Site()
    monkeypatch.setattr(elsewhere, "_mode", "proxy")
    monkeypatch.setattr(service, "_allowed", Allowed.of(["127.0.0.0/8"]))
    monkeypatch.setattr(store, "_swept", time.monotonic())
    yield site
    site.server.shutdown()
    site.server.server_close()
