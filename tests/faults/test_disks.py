"""A disk that fills up: what was acknowledged stays, pages are read, and all goes on once there is room."""

import os
import subprocess
import time
from contextlib import contextmanager

import pytest

from tests.embedded.folders import AS_ROOT
from tests.faults.ledger import Ledger, settle, wait, wait_until_started
from tests.server.running import Server

pytestmark = [pytest.mark.faults, pytest.mark.skipif(not AS_ROOT, reason="mounts a small disk")]

FULL = 3.0  # seconds


@contextmanager
def small_disk(folder, size):
    """A disk of so many megabytes, in the folder's place."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=755", "tmpfs", folder]).returncode:
        pytest.skip("may not mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def filled(disk):
    """Without a byte of room, for the block's time."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * os.statvfs(disk).f_frsize)
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()


def test_r18_r19_a_full_disk_refuses_changes_and_loses_none(place, tell):
    """The included database, its journal and all that Cairn writes are on it."""
    with small_disk(place / "data", 200) as disk:
        server = Server("", disk, "http://localhost")
        try:
            wait_until_started(server)
            ada = server.person()
            project = server.project(ada)
            with Ledger(server, ada, project) as ledger:
                ledger.wait_for(20)
                with filled(disk):
                    refused = len(ledger.sent)
                    wait(lambda: any(one.status == 503 for one in ledger.sent[refused:]))
                    time.sleep(FULL)
                    reads = [server.ask("GET", f"{project}/issues", by=ada).status for _ in range(5)]
                ledger.wait_for(20)
            postgres = f"postgresql://cairn@/cairn?host={disk / 'postgres' / 'run'}"
            balance = settle(ledger, postgres, may=(503,))
            tell("R18 R19 full disk, the journal on it", f"{balance}; reads meanwhile: {reads}")
        finally:
            server.stop()


def test_r20_an_upload_to_a_full_disk_is_refused_and_leaves_nothing(place, server, postgres, ada, project, tell):
    with small_disk(place / "uploads", 8) as disk:
        beside = Server(postgres.url(), disk, "http://localhost")
        try:
            wait_until_started(beside)
            address = f"{project}/attachments"
            rows = "SELECT count(*) FROM attachments"
            assert beside.upload(address, b"before", by=ada).status == 201
            [before] = postgres.rows(rows)
            with filled(disk):
                answers = [beside.upload(address, b"x" * 300_000, by=ada) for _ in range(5)]
                assert beside.ask("GET", f"{project}/issues", by=ada).status == 200
            assert {one.status for one in answers} <= {503, 507}
            assert postgres.rows(rows) == [before]
            assert not list((disk / "files").rglob("." + "?" * 30))  # what was begun
            assert beside.upload(address, b"after", by=ada).status == 201
            tell("R20 uploads to a full disk", f"{len(answers)} refused ({answers[0].status}), 0 rows, 0 drafts left")
        finally:
            beside.stop()
