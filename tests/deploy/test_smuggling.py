"""Nobody hides a request in another one: not from the server, and not from the shipped nginx before it."""

import json
import re
import secrets
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.deploy.front import Front
from tests.deploy.smuggling import Careless, answers, canary, cases, running, tell
from tests.deploy.test_nginx import needs_nginx

pytestmark = needs_nginx
CASES = cases()
# Between them they fall for all of it.
CARELESS = ({}, {"chunks": False}, {"chunks": False, "last": True}, {"bodies": False})
AT_ONCE = 16


def each(send):
    """What comes of every case, by its name."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return dict(zip(CASES, threads.map(send, CASES), strict=True))


def past_proxies(port, request):
    with socket.create_connection(("127.0.0.1", port)) as link:
        return tell(link, request)


def test_a_careless_server_falls_for_each():
    found = set()
    with ExitStack() as open_servers:
        for rules in CARELESS:
            server = open_servers.enter_context(running(Careless(**rules)))
            told = each(lambda name, server=server: past_proxies(server.port, CASES[name]))
            found |= {name for name, told in told.items() if answers(told) > 1}
            found |= {path.removeprefix("/canary-") for path in server.asked if path.startswith("/canary-")}
    assert set(CASES) - found == set()


def test_the_server_answers_each_once_at_most(front: Front):
    told = each(lambda name: past_proxies(front.server.port, CASES[name]))
    assert {name: text for name, text in told.items() if answers(text) > 1} == {}
    assert asked_for_canaries(front) == set()
    assert sum(text.startswith(b"HTTP/1.1 4") for text in told.values()) > len(CASES) / 2


def test_behind_the_proxy_nobody_gets_anothers_answer(front: Front):
    """Each request that reaches the server is one of nginx's, by its number; the others get their own answers."""
    before, victims = len(lines(front)), {}

    def attack(name):
        trusting = ssl._create_unverified_context()
        with (
            socket.create_connection(("127.0.0.1", front.https)) as link,
            trusting.wrap_socket(link, server_hostname="cairn.test") as safe,
        ):
            told = tell(safe, CASES[name])
        path = f"/victim-{secrets.token_hex(8)}"
        victims[front.ask("GET", path).headers["X-Request-ID"]] = path
        return told

    each(attack)
    past_proxies(front.server.port, canary("control"))
    made = set(re.findall(r" ([0-9a-f]{32}) ", (front.folder / "access.log").read_text()))
    asked = {line["request_id"]: line["path"] for line in lines(front)[before:]}
    assert len(asked) > len(CASES)
    assert [asked[number] for number in asked.keys() - made] == ["/canary-control"]
    assert victims.items() - asked.items() == set()


def lines(front):
    told = (line for line in front.server.log.read_text().splitlines() if line.startswith("{"))
    return [line for line in map(json.loads, told) if "path" in line]


def asked_for_canaries(front):
    return {line["path"] for line in lines(front) if line["path"].startswith("/canary")}
