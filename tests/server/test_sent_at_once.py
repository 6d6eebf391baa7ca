"""The same creation, sent many times at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

TIMES = 12


@pytest.fixture
def issues(server, ada):
    return f"{server.project(ada)}/issues"


def at_once(send):
    with ThreadPoolExecutor(TIMES) as threads:
        return [one.result() for one in [threads.submit(send) for _ in range(TIMES)]]


def sent(server, path, headers, body):
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.getheader("Location"), response.read()


def made(server, ada, issues):
    return server.ask("GET", issues, by=ada).json["total"]


def test_one_key_makes_one_issue(server, ada, issues):
    headers = {
        "Authorization": f"Bearer {ada.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "once",
    }
    answers = at_once(lambda: sent(server, issues, headers, b'{"title": "Once"}'))
    told = {answer for answer in answers if answer[0] == 201}
    assert len(told) == 1
    assert {answer[0] for answer in answers} <= {201, 503}  # the pool may have no connection left
    assert made(server, ada, issues) == 1


def test_a_form_that_is_clicked_twelve_times_makes_one_issue(server, ada, issues):
    headers = {
        "Authorization": f"Bearer {ada.token}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "text/html",
    }
    form = urlencode({"title": "Once", "form_key": "k" * 22})
    answers = at_once(lambda: sent(server, issues, headers, form))
    assert {answer[1] for answer in answers if answer[0] == 303} == {f"{issues}/1"}
    assert made(server, ada, issues) == 1


def test_after_a_lost_answer_the_request_can_be_sent_again(server, ada, issues):
    """Who hangs up does not know what became of it."""
    headers = {
        "Authorization": f"Bearer {ada.token}",
        "Content-Type": "application/json",
        "Idempotency-Key": "lost",
    }
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("POST", issues, b'{"title": "Once"}', headers)
    status, place, _ = sent(server, issues, headers, b'{"title": "Once"}')
    assert (status, place) == (201, f"{issues}/1")
    assert made(server, ada, issues) == 1
