"""`python -m tests.jobs.figures` measures the worker on an embedded PostgreSQL of its own, which syncs as in life.

`python -m tests.jobs.figures writing falling_asleep` measures these alone.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.committed import committed
from tests.conftest import KEY
from tests.databases import connected
from tests.jobs.processes import Queue, on
from tests.jobs.waking import told, wake
from tests.make import Make
from webapp import create_app, embedded
from webapp.config import Settings
from webapp.db import db

TICK = os.sysconf("SC_CLK_TCK")


def main(*wanted: str) -> None:
    home = Path(tempfile.mkdtemp(prefix="cairn-figures-"))
    home.chmod(0o755)
    server = embedded.acquire(home / "postgres")
    address = server.url("cairn_figures")
    given = Settings(_env_file=None, database_url=address, secret_key=KEY, cairn_data=home / "data")
    try:
        with committed(address, given) as kept, on(kept.url, home) as queue:
            for measure in (waiting, falling_asleep, writing, throughput, resting, killing, hearing):
                if measure.__name__ in wanted or not wanted:
                    queue.clear()
                    print(measure(queue), flush=True)
    finally:
        server.release()
        shutil.rmtree(home, ignore_errors=True)


def waiting(queue: Queue) -> str:
    """From before the commit of a job to after its first statement."""
    queue.start()
    queue.enqueue("note", "first")
    queue.wait_for("first")
    for number in range(200):
        queue.rows(
            "INSERT INTO jobs (task, args, created_at) VALUES ('note', jsonb_build_object('word', %s), clock_timestamp());"
            "SELECT wake_workers('inside')",
            f"{number}",
        )
        queue.rows("INSERT INTO noted (word, worker, at) VALUES (%s, 0, now())", f"commit {number}")
        queue.wait_for(f"{number}")
    waits = queue.rows(
        "SELECT extract(epoch FROM done.at - sent.at)::float * 1000 FROM noted done JOIN noted sent"
        " ON sent.word = 'commit ' || done.word ORDER BY 1"
    )
    return f"commit to done: p50 {statistics.median(waits):.1f} ms, p95 {waits[int(len(waits) * 0.95)]:.1f} ms, {len(waits)} jobs"


def falling_asleep(queue: Queue) -> str:
    return "while workers sleep and wake: " + ", ".join(
        f"{workers} of them {told(wake(queue, 100, workers))}" for workers in (1, 2) if not queue.clear()
    )


def writing(queue: Queue, clients: int = 8, seconds: float = 10) -> str:
    """How many transactions with a job are committed: all are told of, and only those that somebody has to be told of."""

    def commit(how: str) -> int:
        number, end = 0, time.monotonic() + seconds
        with closing(connected(queue.url)) as connection, connection.cursor() as cursor:
            while time.monotonic() < end:
                cursor.execute(
                    f"INSERT INTO jobs (task, args) VALUES ('nothing', '{{\"word\": \"\"}}'); SELECT {how}"
                )
                number += 1
        return number

    figures = []
    for workers in (0, 1):
        for how in ("pg_notify('cairn_jobs', 'inside')", "wake_workers('inside')"):
            queue.clear()
            for _ in range(workers):
                queue.start()
            time.sleep(3 * workers)
            with ThreadPoolExecutor(clients) as pool:
                number = sum(pool.map(commit, [how] * clients))
            figures.append(f"{how.partition('(')[0]}, {workers} workers: {number / seconds:.0f} commits/s")
    return f"{clients} clients that write jobs: " + ", ".join(figures)


def throughput(queue: Queue, number: int = 3000) -> str:
    told = []
    for workers in (1, 2):
        queue.clear()
        queue.rows(
            "INSERT INTO jobs (task, args) SELECT 'nothing', '{\"word\": \"\"}' FROM generate_series(1, %s)", number
        )
        working = [queue.start() for _ in range(workers)]
        queue.wait(lambda: len(queue.rows("SELECT FROM jobs")) < number)
        began, used = time.monotonic(), sum(map(ticks, [*working, *backends(queue)]))
        queue.wait(queue.is_empty)
        took = time.monotonic() - began
        spent = (sum(map(ticks, [*working, *backends(queue)])) - used) / TICK
        told.append(
            f"{number / took:.0f} jobs/s by {workers}, {spent * 1000 / number:.2f} ms of CPU each with PostgreSQL's"
        )
    return "trivial jobs: " + ", ".join(told)


def resting(queue: Queue, seconds: int = 60) -> str:
    worker = queue.start()
    queue.enqueue("note", "first")
    queue.wait_for("first")
    time.sleep(3)
    asked = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
    before, used = queue.rows(asked)[0], ticks(worker)
    time.sleep(seconds)
    spent, transactions = (ticks(worker) - used) / TICK, queue.rows(asked)[0] - before
    return f"at rest, in {seconds} s: {spent * 1000:.0f} ms of CPU, {transactions} transactions"


def killing(queue: Queue, number: int = 100) -> str:
    """Each job kills its worker after it was done, and before that was told."""
    words = [f"{one}" for one in range(number)]
    queue.enqueue("send", *words)
    kills, began = 0, time.monotonic()
    while not queue.is_empty():
        worker = queue.start()
        queue.wait(partial(is_over, queue, worker))
        kills += not queue.lives(worker)
    counts = Counter(queue.noted())
    lost, twice = number - len(counts), sum(times == 2 for times in counts.values())
    more = sum(times > 2 for times in counts.values())
    dead = len(queue.rows("SELECT FROM jobs"))
    return (
        f"{kills} kills between doing and telling {number} jobs: {lost} lost, {twice} done twice, {more} more often, "
        f"{dead} given up, in {time.monotonic() - began:.0f} s"
    )


def hearing(queue: Queue, rounds: int = 8, each: int = 50) -> str:
    """What the trigger on events costs who opens an issue: CPU of PostgreSQL's process, with and without it."""
    home = queue.log.parent
    app = create_app(Settings(_env_file=None, database_url=queue.url, secret_key=KEY, cairn_data=home / "data"))
    make = Make(app)
    ada = make.person("Ada")
    project = make.project(ada)
    make.issue(project, ada)
    with app.app_context(), db.engine.connect() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    spent, took = {"ENABLE": 0, "DISABLE": 0}, {"ENABLE": 0.0, "DISABLE": 0.0}
    for turn in range(rounds * 2):
        state = ("ENABLE", "DISABLE")[turn % 2]
        queue.rows(f"ALTER TABLE events {state} TRIGGER heard")
        make.issue(project, ada)
        before, began = ticks(process), time.monotonic()
        for _ in range(each):
            make.issue(project, ada)
        spent[state] += ticks(process) - before
        took[state] += time.monotonic() - began
    with app.app_context():
        db.engine.dispose()
    on, off = (spent[state] / TICK * 1000 / rounds / each for state in ("ENABLE", "DISABLE"))
    wall = [took[state] * 1000 / rounds / each for state in ("ENABLE", "DISABLE")]
    return (
        f"the trigger, per issue opened: {on:.2f} ms of PostgreSQL's CPU with it, {off:.2f} without; "
        f"{wall[0]:.2f} ms in all with it, {wall[1]:.2f} without ({rounds * each} each, alternating)"
    )


def backends(queue: Queue) -> list[int]:
    return queue.rows(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'cairn'"
    )


def is_over(queue: Queue, worker: int) -> bool:
    queue.hurry()
    return not queue.lives(worker) or queue.is_empty()


def ticks(process: int) -> int:
    """The time on a processor that it has used, itself and its threads."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    main(*sys.argv[1:])
