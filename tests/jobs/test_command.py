"""`flask worker` in a process of its own."""

import os
import signal
import subprocess
import sys

import pytest

from tests.committed import committed
from tests.conftest import KEY
from tests.jobs.processes import PATIENCE
from webapp.config import ROOT


@pytest.fixture
def start(database, settings, tmp_path):
    with committed(database, settings) as kept:
        own = {"ENVIRONMENT": "development", "SECRET_KEY": KEY, "CAIRN_DATA": str(tmp_path), "DATABASE_URL": kept.url}
        started = []

        def run(*arguments):
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", *arguments]
            process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | own | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
            )
            started.append(process)
            return process

        yield kept, run
        for process in started:
            process.kill()
            process.wait(PATIENCE)


def test_it_works_until_it_is_told_to_stop(start):
    kept, run = start
    worker = run()
    assert worker.stdout.readline() == "The worker is ready.\n"
    while not kept.run("SELECT count(*) FROM job_rounds"):
        assert worker.poll() is None
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0


def test_once_ends_when_nothing_is_due(start):
    _, run = start
    run("--once").communicate(timeout=PATIENCE)  # what comes round
    assert run("--once").communicate(timeout=PATIENCE)[0] == "0 jobs done.\n"
