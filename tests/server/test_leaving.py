"""A server that is asked to stop: a balancer hears it at once, and who has a connection is still answered."""

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection

import pytest

from tests.faults.clusters import is_running
from tests.prepared import started_database
from tests.server.running import PATIENCE, Server, ready, wait
from webapp.config import ROOT


@pytest.fixture
def leaving(database, tmp_path):
    with ready(database, tmp_path, "http://localhost") as running:
        yield running


@pytest.fixture
def lingering(database, tmp_path, request):
    """One that is looked at from time to time: it waits for that. The time is longer than a test takes, but for one."""
    seconds = "5" if request.function is test_a_balancer_has_its_time_to_notice else "300"
    with started_database(database, tmp_path) as address:
        running = Server(address, tmp_path, "http://localhost", DRAIN_SECONDS=seconds)
        try:
            running.wait_until_ready()
            yield running
        finally:
            if running.process.poll() is None:
                running.process.kill()


@pytest.fixture
def balancer(leaving):
    """Connections that a balancer goes on using."""
    with ExitStack() as stack:
        kept = [closing(HTTPConnection("127.0.0.1", leaving.port, timeout=PATIENCE)) for _ in range(10)]
        yield [stack.enter_context(connection) for connection in kept]


def hears(balancer):
    """What it is told once the signal has arrived. Each connection is asked once: one that was answered as the signal
    came is said to close, and would be opened anew."""
    for connection in balancer:
        if (told := is_ready(connection))[0] != 200:
            return told
        time.sleep(0.1)
    return told


def answer(connection):
    response = connection.getresponse()
    return response.status, response.headers, response.read().decode()


def is_ready(connection):
    connection.request("GET", "/readyz", headers={"Accept": "application/json"})
    return answer(connection)


def half_sent(server, path, body, token):
    """A request whose last byte is still to come."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.putrequest("POST", path)
    for name, value in {
        "Accept": "application/json",
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }.items():
        connection.putheader(name, value)
    connection.endheaders(body[:-1])
    return connection


def test_it_is_not_ready_any_more_and_answers_what_has_begun(leaving, balancer):
    ada = leaving.person()
    project = leaving.project(ada)
    assert {is_ready(connection)[0] for connection in balancer} == {200}
    body = json.dumps({"title": "In flight"}).encode()
    with closing(half_sent(leaving, f"{project}/issues", body, ada.token)) as begun:
        time.sleep(0.2)  # until it is on its way to a worker
        leaving.process.terminate()
        status, headers, said = hears(balancer)
        begun.send(body[-1:])
        assert answer(begun)[0] == 201
    assert (status, headers["Connection"]) == (503, "close")
    assert "about to stop" in said
    assert headers["Retry-After"]
    assert leaving.process.wait(PATIENCE) == 0


def test_a_change_on_a_connection_that_was_kept_is_still_made(leaving, balancer):
    kept = balancer[0]
    ada = leaving.person()
    project = leaving.project(ada)
    assert is_ready(kept)[0] == 200
    leaving.process.terminate()
    headers = {
        "Authorization": f"Bearer {ada.token}",
        "Content-Type": "application/json",
        "Accept": "application/json",
    }
    kept.request("POST", f"{project}/issues", json.dumps({"title": "Kept"}), headers)
    assert answer(kept)[0] == 201
    assert leaving.process.wait(PATIENCE) == 0


def test_whoever_stands_in_line_when_it_stops_is_answered(leaving):
    """The system lets connections in before Cairn has taken them: here its workers stand still meanwhile."""
    ada = leaving.person()
    project = leaving.project(ada)
    body = json.dumps({"title": "In line"}).encode()
    workers = leaving.workers
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    with ExitStack() as stack:
        line = [
            stack.enter_context(closing(half_sent(leaving, f"{project}/issues", body, ada.token))) for _ in range(20)
        ]
        for one in line:
            one.send(body[-1:])
        leaving.process.terminate()
        time.sleep(0.5)  # until the workers have been told
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
        assert [answer(one)[0] for one in line] == [201] * 20
    assert leaving.process.wait(PATIENCE) == 0


def test_a_balancer_has_its_time_to_notice(lingering):
    """New connections are served for that long, and told that it is no place to send others to."""
    lingering.process.terminate()
    deadline = time.monotonic() + PATIENCE
    while (told := lingering.ask("GET", "/readyz")).status == 200:
        assert time.monotonic() < deadline
    assert told.status == 503
    assert "about to stop" in told.text
    assert lingering.ask("GET", "/healthz").status == 200
    assert lingering.ask("GET", "/projects", page=True).status in (200, 302, 303)
    assert lingering.process.wait(PATIENCE) == 0


def test_a_second_signal_ends_that(lingering):
    lingering.process.terminate()
    while lingering.ask("GET", "/readyz").status == 200:
        time.sleep(0.05)
    lingering.process.terminate()
    assert lingering.process.wait(PATIENCE) == 0


# A next version, of whose first workers the second waits for a file before it loads.
HELD_UP = """
loads = post_fork


def post_fork(server, worker):
    import pathlib, time

    with open("{0}/begun", "a") as begun:
        begun.write(str(worker.pid) + chr(10))
    while worker.age > 1 and not pathlib.Path("{0}/go").exists():
        time.sleep(0.05)
    loads(server, worker)
"""


@contextmanager
def upgrading(database, folder, **settings):
    """A server in the middle of an upgrade, and the process of the next one, which goes on once there is a file `go`."""
    root = folder / "checkout"
    shutil.copytree(ROOT / "webapp", root / "webapp", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("gunicorn.conf.py", "wsgi.py"):
        shutil.copy(ROOT / name, root / name)
    for name in ("templates", "static", "migrations", "translations"):
        (root / name).symlink_to(ROOT / name)
    with started_database(database, folder) as address:
        running = Server(address, folder, "http://localhost", root=root, **settings)
        successor = 0
        try:
            running.wait_until_ready()
            workers = running.workers
            with (root / "gunicorn.conf.py").open("a") as configuration:
                configuration.write(HELD_UP.format(folder))
            running.process.send_signal(signal.SIGUSR2)
            wait(lambda: len(running.workers) == 3)
            [successor] = running.workers - workers
            yield running, successor
        finally:
            for pid in (running.process.pid, successor, *children(successor)):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            running.process.wait(PATIENCE)


def children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True) if pid else None
    return [int(child) for child in found.stdout.split()] if found else []


def test_who_is_stopped_in_the_middle_of_an_upgrade_has_its_time_and_no_successor(database, tmp_path):
    with upgrading(database, tmp_path, DRAIN_SECONDS="300") as (server, successor):
        wait(lambda: len(children(successor)) == 2)
        server.process.terminate()
        wait(lambda: not is_running(successor))
        assert {server.ask("GET", "/readyz").status for _ in range(10)} == {503}
        server.process.terminate()
        assert server.process.wait(PATIENCE) == 0
        with pytest.raises(ConnectionRefusedError):
            server.ask("GET", "/readyz")


def test_who_is_taken_over_from_leaves_at_once(database, tmp_path):
    with upgrading(database, tmp_path, DRAIN_SECONDS="300") as (server, successor):
        (tmp_path / "go").touch()
        assert server.process.wait(PATIENCE) == 0
        assert is_running(successor)
        assert server.is_ready()


def test_a_worker_that_is_killed_before_it_answers_stops_no_upgrade(database, tmp_path):
    """Nor does the other one take over alone meanwhile."""

    def begun():
        return list(map(int, written.read_text().split())) if written.exists() else []

    written = tmp_path / "begun"
    with upgrading(database, tmp_path) as (server, successor):
        wait(lambda: len(begun()) == 2)
        os.kill(begun()[1], signal.SIGKILL)
        wait(lambda: len(begun()) == 3)
        assert server.process.poll() is None
        (tmp_path / "go").touch()
        assert server.process.wait(PATIENCE) == 0
        assert is_running(successor)
        assert server.is_ready()
