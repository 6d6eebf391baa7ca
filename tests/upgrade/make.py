"""Puts a tracker of a version away: `python -m tests.upgrade.make COMMIT` writes `tests/upgrade/releases/<commit>`.

The code of that commit makes its own database and fills it, and what it answers is noted.
"""

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.checkouts import KEPT, checkout
from tests.embedded.folders import reachable_folder
from tests.faults.clusters import Cluster, cluster
from tests.server.running import Server
from tests.upgrade.filling import Filling, email, fill
from tests.upgrade.visiting import Visitor, Walk
from webapp.config import ROOT

# What of the data folder is put away with it.
KEPT_BESIDE = ("files", "secret.key")
RELEASES = Path(__file__).parent / "releases"
# What only one version of PostgreSQL understands, and what is psql's alone.
NOT_EVERYWHERE = ("\\", "SET transaction_timeout")


def make(commit: str) -> Path:
    """Fill it, look at it, dump it; whole or not at all."""
    KEPT.mkdir(exist_ok=True)
    code = checkout(commit, KEPT)
    draft = Path(tempfile.mkdtemp(dir=KEPT))
    with _serving(code) as (server, postgres, data):
        tracker = fill(server.port)
        told = {"visits": list(_visits(tracker)), "people": {name: email(name) for name in tracker.people}}
        told["token"] = tracker.people["Ada"].token
        told["migration"] = postgres.rows("SELECT version_num FROM alembic_version")[0]
        server.stop()
        _write(draft / "told.json.gz", json.dumps(told, ensure_ascii=False, indent=0))
        _write(draft / "dump.sql.gz", dumped(postgres))
        for path in data.iterdir():
            if path.name in KEPT_BESIDE:
                (shutil.copytree if path.is_dir() else shutil.copy)(path, draft / path.name)
    folder = RELEASES / code.name
    shutil.rmtree(folder, ignore_errors=True)
    draft.chmod(0o755)
    shutil.move(draft, folder)
    return folder


@contextmanager
def _serving(code: Path) -> Iterator[tuple[Server, Cluster, Path]]:
    place = reachable_folder()
    try:
        with cluster(place / "postgres") as postgres:
            data = place / "data"
            data.mkdir()
            # The key that it makes itself is part of what it leaves behind.
            server = Server(postgres.url(), data, "http://localhost", code, SECRET_KEY="")
            try:
                server.wait_until_ready()
                yield server, postgres, data
            finally:
                if server.process.poll() is None:
                    server.stop()
    finally:
        shutil.rmtree(place)


def _visits(tracker: Filling) -> Iterator[dict[str, Any]]:
    for name, starts in tracker.starts.items():
        visitor = tracker.people.get(name, Visitor(tracker.port))
        for visit in Walk(visitor, tracker.said).over(starts):
            yield {"by": name, **visit}


def dumped(postgres: Cluster) -> str:
    """The database as statements that PostgreSQL 15 and later understand, without psql."""
    command: list[str | Path] = [
        postgres.programs / "pg_dump", "--dbname", postgres.url(), "--no-owner", "--no-privileges", "--inserts",
        "--rows-per-insert=50", "--no-comments",
    ]  # fmt: skip
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return "".join(line for line in told.splitlines(keepends=True) if not line.startswith(NOT_EVERYWHERE))


def _write(path: Path, text: str) -> None:
    """The same bytes for the same text, whenever they are written."""
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    print(make(sys.argv[1]).relative_to(ROOT))
