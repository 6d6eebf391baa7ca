"""Many who write jobs, and workers that sleep and wake meanwhile: nobody may be forgotten."""

import random
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2

from tests.jobs.processes import Queue
from webapp.jobs.worker import AWAKE

WRITERS = 8
WRITE = "INSERT INTO jobs (task, args) VALUES ('note', jsonb_build_object('word', %s)); SELECT wake_workers('inside')"
NEVER = 3600


def wake(queue: Queue, rounds: int, workers: int = 1) -> list[float]:
    """Seconds from commit to start of each job, of workers that look for none that they were not told of.

    In each round some write, at times when workers fall asleep; the next one begins when all of it is done. So a job that
    is forgotten has nobody who wakes workers after it, and the round never ends.
    """
    for _ in range(workers):
        queue.start(look=NEVER)
    queue.enqueue("note", "first")
    queue.wait_for("first")
    chance, sent = random.Random(50), dict[str, float]()
    with ThreadPoolExecutor(WRITERS) as pool:
        for turn in range(rounds):
            given = [
                (f"{turn} {one}", chance.uniform(0, 2 * AWAKE), chance.uniform(0, AWAKE)) for one in range(WRITERS)
            ]
            sent.update(pool.map(lambda one: _write(queue.url, *one), given[: chance.randint(1, WRITERS)]))
            queue.wait_for(*sent)
    began = dict(queue.rows("SELECT word, extract(epoch FROM at)::float FROM noted"))
    return [began[word] - at for word, at in sent.items()]


def told(waits: Sequence[float]) -> str:
    p50, p95 = statistics.median(waits), sorted(waits)[int(len(waits) * 0.95)]
    return f"{len(waits)} jobs, commit to start: p50 {p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, most {max(waits) * 1000:.0f} ms"


def _write(url: str, word: str, pause: float, hold: float) -> tuple[str, float]:
    """Write a job after a pause, and commit it later: when that was."""
    time.sleep(pause)
    with closing(psycopg2.connect(url.replace("+psycopg2", ""))) as connection, connection.cursor() as cursor:
        cursor.execute(WRITE, [word])
        time.sleep(hold)
        connection.commit()
    return word, time.time()
