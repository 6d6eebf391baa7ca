"""Workers in processes of their own, on a database whose commits are real ones."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.conftest import KEY
from tests.databases import connected
from webapp.config import ROOT
from webapp.jobs.worker import LOOK

PATIENCE = 60  # seconds, for a machine that has much else to do
NOTED = "noted (id serial, word text, worker int, at timestamptz DEFAULT clock_timestamp())"
HURRY = """
UPDATE jobs SET leased_until = now() - interval '1 hour' WHERE state = 'running';
UPDATE jobs SET run_at = now() WHERE state = 'ready' AND run_at > now();
SELECT pg_notify('cairn_jobs', 'inside')
"""


class Queue:
    """A database of its own, and one process that has loaded the application and forks workers."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.log = url, folder / "worker.log"
        self.workers: list[int] = []
        self.rows(f"CREATE TABLE IF NOT EXISTS {NOTED}")
        own = {"ENVIRONMENT": "development", "SECRET_KEY": KEY, "CAIRN_DATA": str(folder), "DATABASE_URL": url}
        self.mother = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.mother"], cwd=ROOT, env=os.environ | own, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log.open("w"),
        )  # fmt: skip

    def rows(self, statement: str, *values: Any) -> list[Any]:
        with closing(connected(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            if cursor.description is None:
                return []
            return [row[0] if len(row) == 1 else row for row in cursor.fetchall()]

    def enqueue(self, task: str, *words: str, lane: str = "inside") -> None:
        """Each with a commit of its own, and the word that wakes workers."""
        with closing(connected(self.url)) as connection, connection.cursor() as cursor:
            for word in words:
                cursor.execute(
                    "INSERT INTO jobs (task, args, lane) VALUES (%s, jsonb_build_object('word', %s), %s);"
                    "SELECT pg_notify('cairn_jobs', %s)",
                    [task, word, lane, lane],
                )

    def start(self, *, lease: float = 30, slow: float = 0, limit: float = 300, look: float = LOOK) -> int:
        """A new worker, by its pid. Jobs that are slow take so many seconds; none may take more than `limit`. It looks
        for what nobody told it of every `look`.
        """
        assert self.mother.stdin is not None
        assert self.mother.stdout is not None
        self.mother.stdin.write(f"{lease} {slow} {limit} {look}\n")
        self.mother.stdin.flush()
        self.workers.append(int(self.mother.stdout.readline()))
        return self.workers[-1]

    def end(self, worker: int, number: signal.Signals) -> None:
        """Send it a signal, and wait until it is gone."""
        os.kill(worker, number)
        self.wait(lambda: not self.lives(worker))

    def lives(self, worker: int) -> bool:
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return False
        return True

    def noted(self) -> list[str]:
        """What was done, in its order."""
        return self.rows("SELECT word FROM noted ORDER BY id")

    def wait(self, condition: Callable[[], Any]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            told = self.noted(), self.rows("SELECT to_jsonb(jobs) FROM jobs"), self.log.read_text()[-2000:]
            assert time.monotonic() < deadline, told
            time.sleep(0.01)

    def wait_for(self, *words: str) -> None:
        self.wait(lambda: set(words) <= set(self.noted()))

    def hurry(self) -> None:
        """Let leases be over that would last, and pauses too."""
        self.rows(HURRY)

    def is_empty(self) -> bool:
        return not self.rows("SELECT FROM jobs WHERE state <> 'dead'")

    def clear(self) -> None:
        """As if no test had been here."""
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        self.wait(lambda: not any(map(self.lives, self.workers)))
        self.workers.clear()
        self.rows("TRUNCATE jobs; TRUNCATE noted RESTART IDENTITY")


@contextmanager
def on(url: str, folder: Path) -> Iterator[Queue]:
    """The queue of a database, whose workers end with the block."""
    queue = Queue(url, folder)
    try:
        yield queue
    finally:
        queue.clear()
        assert queue.mother.stdin is not None
        queue.mother.stdin.close()
        queue.mother.wait(PATIENCE)
