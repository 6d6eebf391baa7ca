"""What the shipped proxy says while Cairn does not answer."""

import json
import signal

import pytest

from tests.deploy.front import front
from tests.deploy.test_nginx import NGINX

__all__ = ["front"]
pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx here")


@pytest.fixture(scope="module")
def away(front):
    """The proxy, behind which nobody listens any more; and what Cairn's own pages have for headers."""
    with_page = front.ask("GET", "/auth/login", Accept="text/html").headers
    front.server.process.send_signal(signal.SIGTERM)
    front.server.process.wait(60)
    return front, with_page


def test_a_browser_is_shown_a_page_of_ours(away):
    front, _ = away
    answer = front.ask("GET", "/projects", Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert (answer.status, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert answer.headers["Retry-After"] == "5"
    assert "<h1>Cairn is not available</h1>" in answer.text
    assert "nginx" not in answer.text


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_a_client_is_told_a_problem(away, accept):
    front, _ = away
    answer = front.ask("POST", "/projects", {"name": "New"}, Accept=accept)
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "5"
    told = json.loads(answer.text)
    assert told["status"] == 503
    front.wait_until_logged(told["request_id"])


def test_it_has_no_less_of_the_headers_that_protect(away):
    front, with_page = away
    headers = front.ask("GET", "/projects", Accept="text/html").headers
    for name in ("Strict-Transport-Security", "X-Content-Type-Options"):
        assert headers[name] == with_page[name]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
