"""How the worker reads and answers differs from gunicorn only in what it costs."""

import io
import re
import threading
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import FileWrapper, Response

from webapp.serving.answering import TOGETHER, Answer, Reader
from webapp.serving.threads import Threads

HEADERS = {
    "of a page": [
        ("Content-Type", "text/html"),
        ("Content-Length", "4"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    ],
    "with blanks around": [("X-Note", " \tfree\t "), ("Content-Length", "4")],
    "of another spelling": [("content-length", "4"), ("CONTENT-TYPE", "text/plain")],
    "without a length": [("Content-Type", "text/plain")],
    "about the connection": [
        ("Connection", "close"),
        ("Keep-Alive", "5"),
        ("Server", "else"),
        ("Content-Length", "4"),
    ],
    "of Latin letters": [("X-Name", "J\xf6rg"), ("Content-Length", "4")],
    "with less than comes": [("Content-Length", "2")],
    "with nothing": [("Content-Length", "0")],
}
SPLIT = [
    [("X-Note", "one\r\nSet-Cookie: stolen=1"), ("Content-Length", "4")],
    [("Content-Type", "text/html\n"), ("Content-Length", "4")],
    [("Content-Length", "4"), ("X-Note", "\x00")],
    [("Content-Length", "4"), ("X Note", "1")],
    [("Content-Length", "4"), ("X-Note:", "1")],
    [("Content-Length", "4"), ("", "1")],
]


class Sent:
    """A socket that keeps what is sent."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.pieces.append(bytes(data))


def request(method: str = "GET") -> Any:
    return SimpleNamespace(version=(1, 1), method=method, should_close=lambda: False)


def told(kind: type[Response], headers: list[tuple[str, str]], body: list[bytes], method: str, status: str) -> Sent:
    sent = Sent()
    answer = kind(request(method), sent, Config())
    answer.start_response(status, headers)
    for piece in body:
        answer.write(piece)
    answer.close()
    return sent


def text(sent: Sent) -> bytes:
    return re.sub(rb"Date: [^\r]*", b"Date: now", b"".join(sent.pieces))


@pytest.mark.parametrize("status", ["200 OK", "304 Not Modified", "204 No Content", "404 Not Found"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("body", [[b"four"], [b"fo", b"ur"], [b"", b"four"], [b""], []], ids=str)
@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_what_is_sent_is_what_gunicorn_sends(
    headers: list[tuple[str, str]], body: list[bytes], method: str, status: str
) -> None:
    for _ in range(2):  # the second time all names are known
        ours, theirs = (told(kind, headers, body, method, status) for kind in (Answer, Response))
        assert text(ours) == text(theirs)


@pytest.mark.parametrize("headers", SPLIT, ids=str)
def test_what_would_split_an_answer_is_refused(headers: list[tuple[str, str]]) -> None:
    told(Answer, HEADERS["of a page"], [b"four"], "GET", "200 OK")
    for _ in range(2):
        with pytest.raises((InvalidResponseHeader, InvalidResponseHeaderName)):
            told(Answer, headers, [b"four"], "GET", "200 OK")


def test_an_answer_goes_out_as_one_unless_it_is_large() -> None:
    length = [("Content-Length", "4")]
    assert len(told(Answer, length, [b"four"], "GET", "200 OK").pieces) == 1
    assert len(told(Answer, length, [], "HEAD", "200 OK").pieces) == 1
    large = b"x" * (TOGETHER + 1)
    assert told(Answer, [("Content-Length", str(len(large)))], [large], "GET", "200 OK").pieces[1] == large


def test_a_file_comes_after_its_head() -> None:
    sent = Sent()
    answer = Answer(request(), sent, Config())
    answer.start_response("200 OK", [("Content-Length", "4")])
    answer.write_file(FileWrapper(io.BytesIO(b"four")))
    answer.close()
    assert b"".join(sent.pieces).endswith(b"\r\n\r\nfour")


@pytest.mark.parametrize(
    "body",
    [b"", b"Content-Length: 4\r\n\r\nfour", b"Transfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n"],
    ids=str,
)
def test_the_next_request_is_found_behind_a_body_that_nobody_read(body: bytes) -> None:
    first = b"POST /one HTTP/1.1\r\nHost: here\r\n" + (body or b"\r\n")
    for kind in (Reader, RequestParser):
        reader = kind(Config(), iter([first, b"GET /two HTTP/1.1\r\nHost: here\r\n\r\n"]), ("127.0.0.1", 1))
        assert [next(reader).path, next(reader).path] == ["/one", "/two"]


def test_threads_do_all_they_are_given_and_end() -> None:
    done, together = [], threading.Barrier(3)

    def work(number: int) -> None:
        together.wait(10)
        done.append((number, threading.current_thread()))

    threads = Threads(3)
    for number in range(6):
        threads.submit(work, number)
    threads.shutdown()
    for thread in [one for one in threading.enumerate() if one.name.startswith("answers-")]:
        thread.join(10)
        assert not thread.is_alive()
    assert sorted(number for number, _ in done) == [0, 1, 2, 3, 4, 5]
    assert len({thread for _, thread in done}) == 3
