"""Whoever leads the loop answers itself: what takes longer passes the loop on, and signals are heard all the same."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from types import SimpleNamespace

import pytest

from tests.server.running import free_port, wait
from webapp.config import ROOT

# Its long answers wait until somebody asks for /release.
APPLICATION = """
import threading
import time

released, waiting = threading.Event(), []


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/long":
        waiting.append(1)
        released.wait(60)
    elif path == "/release":
        released.set()
    elif path == "/slow":
        time.sleep(0.05)
    elif path == "/fails":
        raise ValueError
    elif path == "/breaks":
        start_response("200 OK", [("Content-Length", "9")])
        return broken()
    body = str(len(waiting)).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def broken():
    yield b"half"
    raise ValueError
"""
SETTINGS = """
from webapp import serving

worker_class = serving.Leading
worker_connections = 50
threads = 23
control_socket_disable = True
graceful_timeout = 20


def pre_fork(server, worker):
    serving.prepare(worker)
"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "small.py").write_text(APPLICATION)
    (tmp_path / "settings.py").write_text(SETTINGS)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", str(tmp_path / "settings.py"), "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "--pythonpath", str(tmp_path), "small:app"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=(tmp_path / "log").open("wb"),
    )
    site = SimpleNamespace(port=port, process=process, log=tmp_path / "log")
    try:
        wait(lambda: answers(site))
        yield site
    finally:
        process.kill()
        process.wait()


def connection(site):
    return closing(HTTPConnection("127.0.0.1", site.port, timeout=60))


def ask(connection, path):
    connection.request("GET", path)
    return connection.getresponse().read()


def alone(site, path):
    with connection(site) as one:
        return ask(one, path)


def answers(site):
    with suppress(OSError):
        return alone(site, "/") == b"0"


def test_long_answers_keep_nobody_waiting(site):
    with ThreadPoolExecutor(4) as threads:
        long = [threads.submit(alone, site, "/long") for _ in range(4)]
        wait(lambda: alone(site, "/") == b"4")
        assert not any(one.done() for one in long)
        alone(site, "/release")
        assert [one.result() for one in long] == [b"4"] * 4
    assert alone(site, "/") == b"4"


@pytest.mark.parametrize("many", [0, 1, 3])
def test_what_is_being_answered_is_so_before_it_leaves(site, many):
    with ThreadPoolExecutor(3) as threads, connection(site) as kept:
        long = [threads.submit(alone, site, "/long") for _ in range(many)]
        wait(lambda: ask(kept, "/") == str(many).encode())
        site.process.send_signal(signal.SIGTERM)
        ask(kept, "/release")
        assert [one.result() for one in long] == [str(many).encode()] * many
    assert site.process.wait(30) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT, signal.SIGINT])
def test_it_hears_signals_while_nothing_is_asked(site, number):
    time.sleep(0.3)  # the watch sleeps by then
    site.process.send_signal(number)
    assert site.process.wait(30) == 0


def test_a_worker_that_is_to_end_at_once_does_and_another_takes_its_place(site):
    [worker] = workers(site)
    os.kill(worker, signal.SIGQUIT)
    wait(lambda: workers(site) and workers(site) != [worker])
    wait(lambda: answers(site))


def test_a_worker_without_its_server_ends_though_somebody_goes_on_asking(site):
    """And lets go of the port: whoever takes that next would share it with old code."""
    [worker] = workers(site)
    with ThreadPoolExecutor(1) as threads, connection(site) as kept:
        long = threads.submit(alone, site, "/long")
        wait(lambda: ask(kept, "/") == b"1")
        site.process.kill()
        with suppress(OSError, HTTPException):
            while True:
                ask(kept, "/release" if long.running() else "/slow")
        assert long.result() == b"1"
    wait(lambda: not os.path.exists(f"/proc/{worker}"))


@pytest.mark.parametrize("path", ["/fails", "/breaks"])
def test_what_fails_ends_only_itself(site, path):
    before = workers(site)
    for _ in range(5):
        with suppress(OSError, HTTPException):
            alone(site, path)
        assert alone(site, "/") == b"0"
    assert workers(site) == before


def workers(site):
    found = subprocess.run(["pgrep", "-P", str(site.process.pid)], stdout=subprocess.PIPE, check=False)
    return [int(one) for one in found.stdout.split()]
