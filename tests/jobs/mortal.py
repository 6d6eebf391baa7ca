"""`python -m tests.jobs.mortal` loads the application once, and forks a worker for each line that it reads.

`told` kills it as soon as a server has taken a mail or a webhook's request and before that is written down, a number
after so many seconds; `whole` lets it do all that is due.
"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from threading import Timer
from typing import Any

from flask import Flask

from tests.databases import connected
from webapp import create_app
from webapp.config import ROOT
from webapp.jobs import queue, worker
from webapp.mail import service as mail
from webapp.webhooks import sending as webhooks

# Leases of the killed are over, and so are the pauses before another try.
LATER = """
UPDATE jobs SET leased_until = now() - interval '1 hour' WHERE state = 'running';
UPDATE jobs SET run_at = now() WHERE state = 'ready'
"""
WAITING = "SELECT FROM jobs WHERE task IN ('hear', 'send_mail', 'deliver_webhook') AND state <> 'dead' {more} LIMIT 1"


def kill(url: str, given: Mapping[str, str], kills: int) -> int:
    """Kill so many workers, half of them after something was taken, half at any time, and let one do the rest."""
    chance, killed = random.Random(25), 0
    with subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.mortal"], cwd=ROOT, env=os.environ | given, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as mother, closing(connected(url)) as connection, connection.cursor() as cursor:  # fmt: skip

        def work(how: str) -> bool:
            assert mother.stdin is not None
            assert mother.stdout is not None
            print(how, file=mother.stdin, flush=True)
            return mother.stdout.readline() == "killed\n"

        def waiting(more: str = "") -> bool:
            cursor.execute(WAITING.format(more=more))
            return bool(cursor.fetchall())

        while killed < kills:
            if not waiting("AND state = 'ready' AND run_at <= now()"):
                assert waiting(), "everything is done already"
                cursor.execute(LATER)
            killed += work("told" if killed < kills // 2 else f"{chance.uniform(0.02, 0.15):.3f}")
        while waiting():
            cursor.execute(LATER)
            work("whole")
    return killed


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def work(app: Flask, how: str) -> None:
    dying: Any = die
    if how == "told":
        mail.finish = dying
        webhooks._note = dying
    elif how != "whole":
        Timer(float(how), die).start()
    with app.app_context():
        queue.tidy()
    worker.drain(app, strict=False)


def main() -> None:
    app = create_app()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                work(app, line.strip())
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "done", flush=True)


if __name__ == "__main__":
    main()
