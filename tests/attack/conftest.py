import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.folders import reachable_folder
from tests.faults.clusters import cluster
from tests.server.running import ada, front_end, pytest_runtest_makereport, server

__all__ = ["ada", "front_end", "pytest_runtest_makereport", "server"]

DEBIANS, MAJOR = Path("/usr/lib/postgresql/15/bin/postgres"), 15


@pytest.fixture(scope="session")
def database(database: str) -> Iterator[str]:
    """Debian's PostgreSQL, where it is there: it can keep what it has parsed, by which attacks are judged."""
    if not DEBIANS.exists():
        yield database
        return
    path = reachable_folder()
    kept = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.max": "50000"}
    with cluster(path / "postgres", MAJOR, **kept) as one:
        yield one.url()
    shutil.rmtree(path)
