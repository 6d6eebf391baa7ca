"""A receiver on loopback, which the operator allows for the test."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import text

from webapp.config.allowed import Allowed
from webapp.db import db, transacting
from webapp.jobs import worker
from webapp.outside.breaker import Breaker
from webapp.webhooks import sending, standing

URL = "/projects/HOOK"


class Receiver:
    """What came, as (headers, body); answers with `status`."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    return  # whoever sent it was killed meanwhile
                receiver.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(b"what it says")

            def log_message(self, *words: Any) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture(scope="session")
def _receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def receiver(_receiving: Receiver, app: Any, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    _receiving.came.clear()
    _receiving.status = 200
    here = standing.standing()
    allowed = standing.Standing("https://cairn.example.org", here.keys, Allowed.of(["127.0.0.0/8"]))
    monkeypatch.setattr(standing, "_standing", allowed)
    monkeypatch.setattr(sending, "_breaker", Breaker())
    return _receiving


class World:
    def __init__(self, app: Any, api: Any, make: Any, ada: Any, receiver: Receiver) -> None:
        self.app, self.make, self.ada, self.receiver = app, make, ada, receiver
        self.api = api(ada)
        self.project = make.project(ada, key="HOOK", name="Hooks")
        self.issue = make.issue(self.project, ada)
        self.hears()
        receiver.came.clear()

    def hook(self, at: str = f"{URL}/webhooks", api: Any = None, **values: Any) -> Any:
        return (api or self.api).post(at, {"url": self.receiver.url, **values})

    def hears(self, ahead: float = 0) -> list[Any]:
        """Do what is to be done; what came at the receiver."""
        worker.drain(self.app, ahead=ahead)
        return self.receiver.came

    def run(self, statement: str, **values: Any) -> Any:
        with self.app.app_context(), transacting():
            found = db.session.execute(text(statement), values)
            return found.all() if found.returns_rows else None  # type: ignore[attr-defined]


@pytest.fixture
def world(app: Any, api: Callable[..., Any], make: Any, ada: Any, receiver: Receiver) -> World:
    return World(app, api, make, ada, receiver)
