"""The embedded database under a running server: it is killed, and comes back by itself."""

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from itertools import count
from pathlib import Path

import pytest

from tests.server.running import Person, Server, wait
from webapp.embedded import locks


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Cairn on a database of its own, in a folder that every account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="cairn-test-"))
    folder.chmod(0o755)
    running = Server("", folder, "http://localhost")
    try:
        running.wait_until_ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()
        shutil.rmtree(folder)


def postgres(server: Server) -> Path:
    return server.log.parent / "postgres"


def kill_database(server: Server) -> None:
    """Kill its main process, and wait until the others have noticed."""
    os.kill(int((postgres(server) / "data18" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    locks.wait_until_free(postgres(server) / "alive.lock")


class Writer:
    """Somebody who goes on opening issues, and remembers which ones were acknowledged."""

    def __init__(self, server: Server, by: Person, project: str) -> None:
        self.acknowledged: list[str] = []
        self._server, self._by, self._project = server, by, project
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        for number in count():
            title = f"Written {number}"
            with suppress(OSError, HTTPException):
                if self._server.ask("POST", f"{self._project}/issues", {"title": title}, by=self._by).status == 201:
                    self.acknowledged.append(title)
            # Not at once again: a busy machine would only be slower to start the database.
            if self._over.wait(0.2):
                return

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def titles(server: Server, by: Person, project: str) -> set[str]:
    found: set[str] = set()
    path: str | None = f"{project}/issues?limit=100"
    while path:
        answer = server.ask("GET", path, by=by)
        found |= {issue["title"] for issue in answer.json["items"]}
        path = answer.json.get("next")
    return found


@pytest.mark.parametrize("moment", [0, 0.3, 1])
def test_a_killed_database_comes_back_with_all_that_was_acknowledged(server, moment):
    ada = server.person()
    project = server.project(ada)
    with Writer(server, ada, project) as writer:
        wait(lambda: len(writer.acknowledged) > 3)
        time.sleep(moment)
        kill_database(server)
        server.wait_until_ready()
        known = len(writer.acknowledged)
        wait(lambda: len(writer.acknowledged) > known + 3)
    assert set(writer.acknowledged) <= titles(server, ada, project)


def test_it_comes_back_after_a_reload(server):
    before = server.workers
    server.process.send_signal(signal.SIGHUP)
    wait(lambda: len(server.workers) == 2 and not server.workers & before)
    kill_database(server)
    server.wait_until_ready()


def test_a_database_that_cannot_start_is_tried_again_but_not_all_the_time(server):
    control = postgres(server) / "data18" / "global" / "pg_control"
    aside = control.rename(control.with_name("aside"))
    kill_database(server)
    wait(lambda: server.log.read_text().count("Trying again in") > 1)
    time.sleep(5)
    aside.rename(control)
    assert server.log.read_text().count("Trying again in") <= 4
    wait(server.is_ready)


def test_a_database_that_ends_with_its_server_stays_so(server):
    server.stop()
    time.sleep(1)
    assert not (postgres(server) / "data18" / "postmaster.pid").exists()
