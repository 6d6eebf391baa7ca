"""`python -m tests.jobs.mother` loads the application once, and forks a worker for each line that it reads."""

import os
import signal
import sys
import time

from flask import Flask
from sqlalchemy import text

from webapp import create_app
from webapp.db import db, transacting
from webapp.jobs import worker as working
from webapp.jobs.tasks import TASKS, Task, task

TASKS.clear()
slow = 0.0


def note(word: str) -> int:
    """Do what can be seen from outside; returns how often that was."""
    values = {"word": word, "worker": os.getpid()}
    with transacting() as session:
        session.execute(text("INSERT INTO noted (word, worker) VALUES (:word, :worker)"), values)
    return db.session.scalar(text("SELECT count(*) FROM noted WHERE word = :word"), values) or 0


@task("note")
def _note(word: str) -> None:
    note(word)


@task("nothing")
def _nothing(word: str) -> None:
    pass


@task("slow", lane="slow")
def _slow(word: str) -> None:
    note(f"begun {word}")
    time.sleep(slow)
    note(word)


def _long(word: str) -> None:
    time.sleep(slow)
    note(word)


TASKS["long"] = Task("long", _long, lane="long", limit=60)


@task("bomb")
def _bomb(word: str) -> None:
    note(word)
    os.kill(os.getpid(), signal.SIGKILL)


@task("send")
def _send(word: str) -> None:
    """The worker dies of the first time, after it was done and before that is told."""
    if note(word) == 1:
        os.kill(os.getpid(), signal.SIGKILL)


@task("fail")
def _fail(word: str) -> None:
    raise LookupError(word)


def work(app: Flask, lease: float, limit: float, look: float) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(2, 1)  # the log
    working.LOOK = look
    worker = working.Worker(app, lease=lease, limit=limit)
    signal.signal(signal.SIGTERM, worker.leave)
    worker.run()


def main() -> None:
    global slow
    app = create_app()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that whoever is killed is gone at once
    for line in sys.stdin:
        lease, slow, limit, look = map(float, line.split())
        child = os.fork()
        if not child:
            try:
                work(app, lease, limit, look)
            finally:
                os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
