"""A server over a PostgreSQL that may be broken, and a place to tell what came of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.embedded.folders import reachable_folder
from tests.faults.clusters import Cluster, cluster
from tests.faults.ledger import Balance, wait_until_started
from tests.server.running import Person, Server, pytest_runtest_makereport

__all__ = ["pytest_runtest_makereport"]

TOLD = "told"


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder that the database's account can reach."""
    path = reachable_folder()
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def postgres(place: Path) -> Iterator[Cluster]:
    with cluster(place / "postgres") as one:
        yield one


@pytest.fixture(scope="session")
def server(postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Cairn over it, with two workers."""
    running = Server(postgres.url(), tmp_path_factory.mktemp("faults"), "http://localhost")
    try:
        wait_until_started(running)
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def ada(server: Server) -> Person:
    return server.person()


@pytest.fixture(scope="module")
def project(server: Server, ada: Person) -> str:
    return server.project(ada)


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str, Balance | str], None]:
    """Have a line with figures printed at the end of the run."""
    return lambda scenario, figures: request.node.user_properties.append((TOLD, f"{scenario}: {figures}"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    lines = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == TOLD
    ]
    if lines:
        terminalreporter.section("what became of each change")
        for line in sorted(set(lines)):
            terminalreporter.line(line)
