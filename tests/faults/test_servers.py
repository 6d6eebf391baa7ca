"""Cairn itself is killed, or stopped for a deploy."""

import os
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import KEY
from tests.faults.clusters import is_running
from tests.faults.ledger import Ledger, settle, wait, wait_until_started
from tests.server.running import PATIENCE, Server, end
from webapp.config import ROOT

pytestmark = pytest.mark.faults


class Held(Server):
    """A server whose port systemd holds, or here the test: it stays open while nobody serves."""

    port_holder: socket.socket

    def begin(self):
        if not hasattr(self, "port_holder"):
            self.port_holder = socket.create_server(("127.0.0.1", self.port), backlog=2048)
        gunicorn = f'"{sys.executable}" -m gunicorn --config gunicorn.conf.py wsgi:app'
        script = f"exec 3<&0; export LISTEN_FDS=1 LISTEN_PID=$$; exec {gunicorn}"
        ours = {"SECRET_KEY": KEY, "WORKER": "off", "LIMIT_FACTOR": "0"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", script], cwd=ROOT, env=os.environ | ours | self.settings, stdin=self.port_holder.fileno(),
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        return self.process


@pytest.fixture
def held(postgres, server, tmp_path):
    """Beside the other one, over the same database, which is prepared by then."""
    running = Held(postgres.url(), tmp_path, "http://localhost")
    try:
        wait_until_started(running)
        yield running
    finally:
        running.stop()
        running.port_holder.close()


def test_r2_a_killed_master_leaves_nobody_behind_and_a_start_is_enough(server, ada, project, tell):
    with Ledger(server, ada, project) as ledger:
        ledger.wait_for(20)
        orphans = server.workers
        server.process.kill()
        server.process.wait(PATIENCE)
        killed = time.monotonic()
        wait(lambda: not any(map(is_running, orphans)))
        gone = time.monotonic() - killed
        server.begin()
        ledger.wait_for(20)
        wait_until_started(server)
    balance = settle(ledger, server.database)
    tell("R2 kill -9 of the master", f"{balance}; its workers were gone after {gone:.1f} s")


def test_r4_a_restart_behind_a_held_port_is_only_waited_for(held, tell):
    ada = held.person()
    project = held.project(ada)
    with Ledger(held, ada, project) as ledger:
        ledger.wait_for(20)
        end(held.process)
        held.begin()
        ledger.wait_for(20)
        wait_until_started(held)
    tell("R4 SIGTERM and start, held socket", settle(ledger, held.database, may=()))


def is_anew(server, before):
    return len(server.workers - before) == 2 and server.is_ready()


def test_r20_an_upload_that_is_killed_leaves_no_row_without_its_file(server, postgres, ada, project, tell):
    """Files without a row are swept after an hour: tests/attachments/test_attachments.py has that."""
    address = f"{project}/attachments"
    [began] = postgres.rows("SELECT now()")
    assert server.upload(address, b"whole", by=ada).status == 201
    head = (
        f"POST {address} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
        f"Authorization: Bearer {ada.token}\r\nContent-Length: 9000000\r\n"
        "Content-Type: multipart/form-data; boundary=edge\r\n\r\n"
        '--edge\r\nContent-Disposition: form-data; name="file"; filename="half.bin"\r\n\r\n'
    )
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port)) as half:
            half.sendall(head.encode() + b"x" * 500_000)
            time.sleep(0.2)
            before = server.workers
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            wait(partial(is_anew, server, before))
    names = postgres.rows("SELECT stored FROM attachments WHERE created_at > %s", began)
    files = Path(server.settings["CAIRN_DATA"]) / "files"
    lacking = [name for name in names if not (files / name[:2] / name[2:]).is_file()]
    tell("R20 kill -9 during 5 uploads", f"{len(names)} rows, {len(lacking)} without their file")
    assert not lacking
    assert server.upload(address, b"after", by=ada).status == 201
