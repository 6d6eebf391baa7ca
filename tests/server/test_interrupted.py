"""Ctrl-C before anything is served: it ends then and there, and without a trace."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import KEY
from tests.databases import connected, empty_database
from tests.server.running import PATIENCE, free_port
from webapp.config import ROOT
from webapp.ops import locks

SERVE = ("-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app")
FLASK = ("-m", "flask", "--app", "wsgi")
INTERRUPTED = (128 + signal.SIGINT, -signal.SIGINT)


def _heed() -> None:
    """A shell lets what it starts in the background ignore Ctrl-C, and so would whatever that starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A program that is alone in a terminal, and all that it says."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self.log, self.settings = folder / "log", settings
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *arguments: str) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=os.environ | self.settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_heed,
            )

    def interrupt(self, when: str, *, later: float = 0.0) -> int:
        """Press Ctrl-C once the program says that, or some seconds later; returns its status."""
        deadline = time.monotonic() + PATIENCE
        while when not in self.said:
            assert time.monotonic() < deadline, self.said
            time.sleep(0.02)
        time.sleep(later)
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def tells_a_trace(self) -> bool:
        return "Traceback" in self.said or "Exception ignored" in self.said


@pytest.fixture
def empty(database: str) -> Iterator[str]:
    with empty_database(database) as url:
        yield url


@pytest.fixture
def terminal(empty: str, tmp_path: Path) -> Iterator[Terminal]:
    settings = {"DATABASE_URL": empty, "CAIRN_DATA": str(tmp_path), "SECRET_KEY": KEY, "PORT": str(free_port())}
    one = Terminal(tmp_path, settings | {"PYTHONUNBUFFERED": "1"})
    yield one
    if one.process.poll() is None:
        os.killpg(one.process.pid, signal.SIGKILL)


@pytest.fixture
def another_migrates(empty: str) -> Iterator[None]:
    connection = connected(empty)
    connection.cursor().execute("SELECT pg_advisory_lock(%s)", [locks.MIGRATION])
    yield
    connection.close()


@pytest.mark.parametrize("later", [0.0, 0.3, 0.6])
def test_while_workers_load(terminal, later):
    terminal.run(*SERVE)
    assert terminal.interrupt("Cairn is ready", later=later) == 0
    assert not terminal.tells_a_trace


@pytest.mark.parametrize("command", [SERVE, (*FLASK, "prepare")], ids=["serve", "flask"])
def test_while_the_database_is_prepared(terminal, another_migrates, command):
    terminal.run(*command)
    assert terminal.interrupt("another server is migrating") in INTERRUPTED
    assert not terminal.tells_a_trace


@pytest.mark.parametrize("module", ["sqlalchemy.orm", "webapp.issues", "webapp.exchange"])
def test_while_a_command_loads(terminal, module):
    terminal.run("-X", "importtime", *FLASK, "clean-trash")
    assert terminal.interrupt(module) == 1
    assert "\nAborted!\n" in terminal.said, terminal.said[-1500:]
    assert not terminal.tells_a_trace
