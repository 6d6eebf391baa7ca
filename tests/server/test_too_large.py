"""What is too large is read and thrown away, so that the answer arrives and the connection goes on."""

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
