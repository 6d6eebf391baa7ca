"""What is slow, silent or frozen takes its own requests along, and not the site."""

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from tests.databases import connected
from tests.server.running import PATIENCE

HALF_HEADER = b"GET / HTTP/1.1\r\nHost: localhost\r\nAcc"
HALF_BODY = (
    b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
)


@contextmanager
def locked(server, statement):
    """Rows that somebody else does not let go of."""
    with closing(connected(server.database)) as other, other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(statement)
        yield


@contextmanager
def many(times, act, *values, **named):
    with ThreadPoolExecutor(times) as threads:
        yield [threads.submit(act, *values, **named) for _ in range(times)]


def results(running):
    return [one.result() for one in running]


@contextmanager
def frozen(server):
    """A database whose sockets are open and which says nothing. It thaws in any case."""
    backends = server.rows(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'cairn'"
    )
    found = subprocess.run(["ps", "-o", "ppid=", "-p", str(backends[0])], capture_output=True, text=True)
    if not found.stdout.strip():
        pytest.skip("the database is on another machine")
    processes = [int(found.stdout), *backends]

    def thaw():
        for pid in processes:
            os.kill(pid, signal.SIGCONT)

    thawing = threading.Timer(PATIENCE, thaw)
    thawing.start()
    try:
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        thawing.cancel()
        thaw()


def test_a_frozen_database_keeps_no_request_and_health_does_not_wait(server, ada):
    with many(20, server.ask, "GET", "/projects") as running:
        assert {answer.status for answer in results(running)} == {200}
    began = time.monotonic()
    with frozen(server), many(12, server.ask, "GET", "/projects", page=True) as running:
        time.sleep(1)
        asked = time.monotonic()
        assert server.ask("GET", "/healthz").status == 200
        assert time.monotonic() - asked < 5
        answers = results(running)
        assert time.monotonic() - began < PATIENCE / 2
        assert server.ask("GET", "/readyz").status == 503
    assert {answer.status for answer in answers} == {503}
    assert all(answer.headers["Retry-After"] for answer in answers)
    deadline = time.monotonic() + PATIENCE
    while server.ask("GET", "/projects").status != 200:
        assert time.monotonic() < deadline


def test_changes_that_wait_leave_the_others_reading(server, ada):
    project = server.project(ada)
    with (
        locked(server, "SELECT FROM projects FOR UPDATE"),
        many(60, server.ask, "POST", f"{project}/issues", {"title": "x"}, by=ada) as changes,
    ):
        time.sleep(0.3)
        began = time.monotonic()
        with many(10, server.ask, "GET", project, by=ada, page=True) as reads:
            assert {answer.status for answer in results(reads)} == {200}
        assert server.ask("GET", "/healthz").status == 200
        assert time.monotonic() - began < 7
        refused = results(changes)
    assert {answer.status for answer in refused} == {503}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    assert server.ask("POST", f"{project}/issues", {"title": "x"}, by=ada).status == 201


def test_a_form_that_finds_no_room_comes_back_filled(server, ada):
    project = server.project(ada)
    typed = urlencode({"name": "Grace", "email": "grace@example.com", "password": "x"})
    headers = {"Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}

    def send():
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)) as connection:
            connection.request("POST", "/auth/register", typed, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()

    with (
        locked(server, "SELECT FROM projects FOR UPDATE"),
        many(80, server.ask, "POST", f"{project}/issues", {"title": "x"}, by=ada),
        many(10, send) as forms,
    ):
        answers = results(forms)
    refused = [page for status, page in answers if status == 503]
    assert refused
    assert all("grace@example.com" in page and "waiting at the moment" in page for page in refused)


@pytest.mark.parametrize("said", [b"", HALF_HEADER, HALF_BODY], ids=["nothing", "half a header", "half a body"])
def test_fifty_clients_that_say_no_more_hold_nobody_up(server, said):
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
    try:
        for one in silent:
            one.sendall(said)
        time.sleep(0.5)
        began = time.monotonic()
        assert {server.ask("GET", "/projects", page=True).status for _ in range(5)} == {200}
        assert server.ask("GET", "/healthz").status == 200
        assert time.monotonic() - began < 4
        assert silent[0].recv(100) == b""  # and after a while they are gone
    finally:
        for one in silent:
            one.close()


LONG_FORM = (
    b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=e\r\n"
    b"Content-Length: 20000000\r\n\r\n"
    b'--e\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * 70_000
)


@contextmanager
def slowly_sent(server, times):
    """Long forms of which a little comes again and again."""
    over = threading.Event()

    def send():
        with closing(socket.create_connection(("127.0.0.1", server.port))) as client:
            client.sendall(LONG_FORM)
            while not over.wait(0.05):
                client.sendall(b"x" * 2000)

    with many(times, send):
        time.sleep(0.5)
        try:
            yield
        finally:
            over.set()


def test_more_silent_clients_than_there_may_be_shut_nobody_out(server):
    with server.only(min(server.workers)):
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(850)]
        try:
            began = time.monotonic()
            assert {server.ask("GET", "/projects", page=True).status for _ in range(3)} == {200}
            assert time.monotonic() - began < 4
        finally:
            for one in silent:
                one.close()


def test_a_slow_line_has_the_time_that_it_needs(server):
    head = b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)) as client:
        client.sendall(head + b"Connection: close\r\nContent-Length: 26000\r\n\r\n")
        for _ in range(13):
            client.sendall(b"x" * 2000)
            time.sleep(1)
        assert b" 400 " in client.recv(4096)


def test_files_that_are_sent_slowly_hold_no_change_up(server, ada):
    worker = min(server.workers)
    with server.only(worker), slowly_sent(server, 5):
        began = time.monotonic()
        assert server.ask("POST", "/projects", {"key": "SLOWLY", "name": "Slowly"}, by=ada).status == 201
        assert time.monotonic() - began < 4


def test_clients_that_have_their_answer_and_stay_are_let_go(server):
    staying = [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) for _ in range(60)]
    try:
        for one in staying:
            one.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert all(b" 200 " in one.recv(4096) for one in staying)
        time.sleep(4)
        assert not any(is_open(one) for one in staying)
    finally:
        for one in staying:
            one.close()


def is_open(client):
    """Whether the other end still takes something; what is closed resets the connection."""
    try:
        while client.recv(4096):
            pass
        client.sendall(b"x")
        time.sleep(0.02)
        client.sendall(b"x")
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def test_requests_that_come_in_pieces_or_together_are_answered_in_order(server):
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)) as client:
        for piece in (b"GET /healthz HTTP/1.1\r\nHo", b"st: localhost\r\n", b"\r\n"):
            client.sendall(piece)
            time.sleep(0.1)
        assert b" 200 " in client.recv(4096)
        one = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
        client.sendall(one % b"/nowhere" + one % b"/healthz" + b"GET /robots.txt HTTP/1.1\r\nHost: local")
        time.sleep(0.5)
        client.sendall(b"host\r\nConnection: close\r\n\r\n")
        answered = b""
        while part := client.recv(4096):
            answered += part
    assert re.findall(rb"HTTP/1.1 (\d+)", answered) == [b"404", b"200", b"200"]


def test_a_long_body_arrives_whole(server, ada):
    project = server.project(ada)
    text = "A stone. " * 20_000
    made = server.ask("POST", f"{project}/issues", {"title": "Long", "body": text[:60_000]}, by=ada)
    assert made.status == 201
    assert server.ask("POST", f"{project}/issues", {"title": "Long", "body": text * 10}, by=ada).status == 413


def test_a_database_that_only_reads_refuses_changes_for_a_while(server, ada):
    name = server.rows("SELECT current_database()")[0]
    entry = {"email": ada.email, "password": ada.password}
    run(server, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    try:
        server.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cairn'")
        for _ in range(6):
            server.ask("GET", "/projects")
        answers = [server.ask("POST", "/projects", {"name": "Never"}, by=ada) for _ in range(6)]
        answers += [server.ask("POST", "/auth/login", entry), server.ask("GET", "/readyz")]
        assert Counter(answer.status for answer in answers) == {503: 8}
        assert all(answer.headers["Retry-After"] for answer in answers)
        assert "read" in answers[-1].json["detail"]
        assert server.ask("GET", "/projects").status == 200
    finally:
        run(server, "SET transaction_read_only = off", f"ALTER DATABASE {name} RESET default_transaction_read_only")
    # Connections that were refused are not used again; those that only read may have one more to refuse.
    assert [server.ask("POST", "/projects", {"name": "Once"}, by=ada).status for _ in range(30)][-1] == 201


def run(server, *statements):
    with closing(connected(server.database)) as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("COMMIT")


def test_an_outage_is_a_line_a_request_in_the_log(server, ada):
    project = server.project(ada)
    assert server.ask("POST", f"{project}/issues", {"title": "x"}, by=ada).status == 201
    before = server.log.stat().st_size
    with (
        locked(server, "SELECT FROM issues FOR UPDATE"),
        many(30, server.ask, "PATCH", f"{project}/issues/1", {"title": "y"}, by=ada) as changes,
    ):
        assert {answer.status for answer in results(changes)} == {503}
    said = server.log.read_bytes()[before:].decode()
    assert said.count("55P03 at issues.update") >= 3
    assert said.count("\n  File ") < 200  # one trace for each of the two workers
