"""What is too large is refused; a body is read and thrown away, so that the answer arrives and the connection goes on."""

from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.server.running import PATIENCE

KINDS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_arrives_and_the_connection_goes_on(server, ada, kind, accept):
    headers = {"Content-Type": kind, "Accept": accept, "Authorization": f"Bearer {ada.token}"}
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
        for _ in range(2):
            connection.request("POST", "/projects", b"a=" + b"x" * 20_000_000, headers)
            answer = connection.getresponse()
            assert (answer.status, bool(answer.read())) == (413, True)
            assert connection.sock is not None, "the server has closed the connection"


@pytest.mark.parametrize(
    ("path", "lines", "status"),
    [
        ("/" + "a" * 5_000, {}, 414),
        ("/search?q=" + "a" * 100_000, {}, 414),
        ("/", {f"X-{number}": "y" for number in range(101)}, 431),
        ("/", {"X-Long": "y" * 9_000}, 431),
        ("/", {"Cookie": "; ".join(f"a{number}=b" for number in range(2_000))}, 431),
        ("/", {f"X-{number}": "y" for number in range(80)}, 200),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else None,
)
def test_long_lines_and_too_many_of_them_are_refused(server, path, lines, status):
    assert server.ask("GET", path, page=True, headers=lines).status == status
