"""What an upgrade takes while the former version serves: `python -m bench upgrade --since 967ca118 --issues 100000`.

The code of that commit makes a tracker and serves it, people write all the time, and the migrations since run as at a
start, in one transaction: seconds of each, which table it locked how, and how long whoever wrote had to wait.
"""

import argparse
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from bench.checkouts import KEPT, checkout, copied, tracker
from bench.served import Cairn, stopping
from webapp import create_app, migrations
from webapp.config import Settings

WRITERS = 2
PATIENT = ("SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = '30s'")
# What keeps writers out, the strongest last.
MODES = ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock")
HELD = text("""
    SELECT relation::regclass::text, mode FROM pg_locks JOIN pg_class ON pg_class.oid = relation
    WHERE pid = pg_backend_pid() AND mode = ANY(:modes) AND relkind = 'r' AND relname = ANY(:tables)
""")


@dataclass
class Writing:
    """People who open issues and comment on them, until it is over."""

    server: Cairn
    waits: list[tuple[float, float]] = field(default_factory=list)  # when it began, and seconds
    failed: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        """One of them."""
        number = ""
        while not self.over.is_set():
            path = f"/projects/BIG/issues/{number}/comments" if number else "/projects/BIG/issues"
            body = {"body": "Meanwhile."} if number else {"title": "Opened meanwhile"}
            began = time.monotonic()
            answer = self.server.ask(self.server.json(path, "POST", body))
            self.waits.append((began, time.monotonic() - began))
            if answer.status != 201:
                self.failed.append(answer.status)
            number = "" if number else (answer.header("Location") or "").rpartition("/")[2]

    @contextmanager
    def going_on(self) -> Iterator[None]:
        threads = [threading.Thread(target=self.write) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    def longest(self, since: float, until: float) -> float:
        """Of what was under way between two moments."""
        return max((took for began, took in self.waits if began < until and began + took > since), default=0.0)


def main() -> None:
    """Measure, and print a row for each migration."""
    told = argparse.ArgumentParser(prog="bench upgrade", description=__doc__)
    told.add_argument("--since", required=True, help="a commit or tag, whose code serves meanwhile")
    told.add_argument("--issues", type=int, default=100_000)
    asked = told.parse_args()
    KEPT.mkdir(exist_ok=True)
    code = checkout(asked.since, KEPT)
    data = copied(tracker(code, asked.issues, KEPT), "upgrading", KEPT)
    server = Cairn(code, data)
    with stopping([server]):
        server.ready()
        measure(server, data)


def measure(server: Cairn, data: Path) -> None:
    """Take its database to today's."""
    writing = Writing(server)
    with writing.going_on():
        time.sleep(3)
        began = time.monotonic()
        before = writing.longest(0, began)
        print(*migrated(server.dsn, data), sep="\n")
        ended = time.monotonic()
        time.sleep(3)
    print(f"all of it: {ended - began:.1f} s; {len(writing.waits):,} writes, refused {writing.failed}", end="; ")
    print(f"longest write {writing.longest(began, ended):.1f} s, before {before:.1f} s")


def migrated(dsn: str, data: Path) -> list[str]:
    """Run the migrations in one transaction; tells each."""
    host = dict(part.split("=", 1) for part in dsn.split(" "))["host"]
    url = f"postgresql+psycopg2://cairn@/cairn?host={host}"
    app = create_app(Settings(_env_file=None, database_url=url, cairn_data=data, environment="development"))
    migrations.init_app(app)
    engine = create_engine(url)
    with app.app_context(), engine.begin() as connection:
        for statement in PATIENT:
            connection.execute(text(statement))
        noting = Noting(connection)
        app.extensions["migrate"].configure_args["on_version_apply"] = noting
        migrations.move(connection, "head")
    return [*noting.told, f"locked for {time.monotonic() - noting.locked:.1f} s"]


class Noting:
    """Called after each migration: notes what it took, and what it keeps locked until the end of all."""

    def __init__(self, connection: Connection) -> None:
        self.told: list[str] = []
        self._connection, self._known = connection, set[tuple[str, str]]()
        self._tables = connection.scalars(text("SELECT relname FROM pg_class WHERE relkind = 'r'")).all()
        self._began = self.locked = time.monotonic()

    def __call__(self, step: Any, **_rest: Any) -> None:
        took = time.monotonic() - self._began
        held = _held(self._connection, self._tables)
        if held and not self._known:
            self.locked = self._began
        fresh = sorted(held - self._known, key=lambda one: MODES.index(one[1]), reverse=True)
        self._known |= held
        locks = ", ".join(f"{table} {mode.removesuffix('Lock')}" for table, mode in fresh)
        self.told.append(f"| {step.up_revision_id} | {took:.2f} s | {locks or '–'} |")
        self._began = time.monotonic()


def _held(connection: Connection, tables: Any) -> set[tuple[str, str]]:
    """Which of the former version's tables are locked against those who write, and how."""
    rows = connection.execute(HELD, {"modes": list(MODES), "tables": list(tables)})
    return {(table, mode) for table, mode in rows if table != "alembic_version" and not table.startswith("pg_")}
