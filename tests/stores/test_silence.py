"""A store that takes connections and never answers, or answers what was not asked, keeps nobody waiting for long."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from webapp.config.files import bucket_url
from webapp.db import db
from webapp.outside.breaker import FAILURES, Breaker
from webapp.stores import bucket as buckets
from webapp.stores.bucket import Away, Bucket

# Far above what the tests let a store be silent for, far below what a request is given.
SOON = 3.0


@pytest.fixture
def silent(monkeypatch) -> Iterator[tuple[str, socket.socket]]:
    """The address of a bucket there, and the socket that connections to it wait at."""
    monkeypatch.setattr(buckets, "SILENCE", timedelta(milliseconds=300))
    monkeypatch.setattr(buckets, "_breaker", Breaker())
    with socket.create_server(("127.0.0.1", 0), backlog=100) as at:
        yield f"s3://cairn?endpoint=http://127.0.0.1:{at.getsockname()[1]}", at


def of(url: str) -> Bucket:
    return Bucket(bucket_url(url), "cairn", "secret")


def came(at: socket.socket) -> int:
    """How many connections wait there."""
    at.settimeout(0.2)
    waiting = []  # until all are counted: one that is closed comes again
    with suppress(TimeoutError):
        while True:
            waiting.append(at.accept()[0])
    for one in waiting:
        one.close()
    return len(waiting)


@pytest.mark.parametrize(
    "ask",
    [
        lambda bucket: bucket.mark(),
        lambda bucket: bucket.size_of("ab/cd"),
        lambda bucket: bucket.folders(""),
        lambda bucket: list(bucket.lying("ab")),
        lambda bucket: bucket.range_of("ab/cd", 0, 9),
        lambda bucket: bucket.file("ab" * 16).open(),
    ],
    ids=["mark", "size", "folders", "files", "part", "file"],
)
def test_silence_is_away_and_is_asked_once(silent, ask):
    url, at = silent
    begun = time.monotonic()
    with pytest.raises(Away):
        ask(of(url))
    assert time.monotonic() - begun < SOON
    assert came(at) == 1


def test_after_some_silence_nobody_waits_for_the_store(silent):
    url, at = silent
    for _ in range(FAILURES + 5):
        with pytest.raises(Away) as told:
            of(url).mark()
    assert "left alone" in told.value.reason
    assert came(at) == FAILURES


def test_a_balancer_hears_at_once_that_the_server_is_ready(api, silent, in_bucket, monkeypatch):
    url, at = silent
    monkeypatch.setattr(buckets, "SILENCE", timedelta(seconds=20))
    monkeypatch.setattr("webapp.attachments.ownership.AT_ONCE", 0.05)
    in_bucket(files_url=url)
    for _ in range(5):
        told = api().get("/readyz")
        assert (told["status"], "within 0.05 s" in told["files"]) == ("ready", True)
    assert came(at) == 1


def test_who_waits_for_a_store_holds_no_connection_to_the_database(ada, upload, in_bucket, silent, monkeypatch):
    in_bucket(files_url=silent[0])
    held, mark = [], Bucket.mark
    monkeypatch.setattr(Bucket, "mark", lambda self: held.append(db.session().in_transaction()) or mark(self))
    upload(ada, b"stones", status=503)
    assert held == [False]


def test_what_an_upload_sweeps_is_moved_without_a_connection_too(ada, upload, bucket, monkeypatch):
    """An hour's sweep asks a store many times."""
    monkeypatch.setattr("webapp.attachments.storage.GRACE", -5)
    monkeypatch.setattr("webapp.attachments.sweeping.SHARE", 1)
    monkeypatch.setattr("webapp.attachments.sweeping.HOUR", 1e-6)  # it is always due
    upload(ada, b"stones")
    bucket.write(f"ab/{'c' * 30}", iter([b"nobody's"]))
    held, rest, lying = [], Bucket.rest, Bucket.lying
    monkeypatch.setattr(Bucket, "rest", lambda *given: held.append(db.session().in_transaction()) or rest(*given))
    monkeypatch.setattr(Bucket, "lying", lambda *given: held.append(db.session().in_transaction()) or lying(*given))
    upload(ada, b"stones")
    assert bucket.folders("trash")
    assert set(held) == {False}


def test_a_form_with_a_file_is_answered_soon(browser, ada, upload, in_bucket, silent):
    in_bucket(files_url=silent[0])
    begun = time.monotonic()
    sent = {"title": "Loose", "body": "See:", "files": [(io.BytesIO(b"stones"), "log.txt")]}
    page = browser(ada).post("/projects/WALL/issues", sent, status=503)
    assert page.says("choose log.txt again")
    assert time.monotonic() - begun < SOON


class Store(ThreadingHTTPServer):
    """One that has nothing yet, and answers `status` to conditions; what it takes stands in `put`."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), Odd)
        self.status, self.put = status, list[bytes]()


class Odd(BaseHTTPRequestHandler):
    server: Store

    def do_GET(self) -> None:
        self.answer(404)

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if "If-None-Match" in self.headers and self.server.status:
            return self.answer(self.server.status)
        self.server.put.append(content)
        return self.answer(200)

    def answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("ETag", '"odd"')
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.mark.parametrize(("status", "put"), [(501, [b"one\n"]), (400, [b"one\n"]), (403, []), (503, [])])
def test_a_claim_goes_without_a_condition_only_where_the_store_knows_none(status, put):
    """Else of two that claim at once the second would have it."""
    with Store(status) as server:
        threading.Thread(target=server.serve_forever).start()
        bucket = of(f"s3://cairn?endpoint=http://127.0.0.1:{server.server_port}")
        with nullcontext() if put else pytest.raises(Away):
            bucket.claim("one", anew=False)
        assert server.put == put
        server.shutdown()
