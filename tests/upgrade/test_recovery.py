"""Back to the moment before, by PostgreSQL's own tools, as docs/deployment.md says it: on Debian's PostgreSQL 15."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.folders import reachable_folder
from tests.faults.clusters import Cluster, cluster, ended
from tests.faults.ledger import wait
from tests.server.running import Server
from webapp.embedded import binaries

pytestmark = pytest.mark.upgrade

OLD = 15
IS_OPEN = "SELECT NOT pg_is_in_recovery()"


@pytest.fixture
def place() -> Iterator[Path]:
    if not binaries.elsewhere(OLD).is_dir():
        pytest.skip(f"Debian's postgresql-{OLD} is not installed.")
    path = reachable_folder()
    yield path
    shutil.rmtree(path)


@pytest.fixture
def archive(place) -> Path:
    """Where the WAL goes; every account may write there."""
    folder = place / "wal"
    folder.mkdir()
    folder.chmod(0o777)
    return folder


@pytest.fixture
def lived(place, archive) -> Iterator[Cluster]:
    """The database of an installation that archives what it writes."""
    command = f"test ! -f '{archive}/%f' && cp %p '{archive}/%f'"
    with cluster(place / "lived", OLD, archive_mode="on", archive_command=command) as one:
        yield one


@pytest.fixture
def spare(place, archive) -> Iterator[Cluster]:
    """Where it will be recovered."""
    one = Cluster(place / "spare", OLD, restore_command=f"cp '{archive}/%f' %p", recovery_target_action="promote")
    yield one
    ended(one)


def served(postgres: Cluster, folder: Path) -> Server:
    server = Server(postgres.url(), folder, "http://localhost")
    server.wait_until_ready()
    return server


def recover(spare: Cluster, to: object) -> None:
    """Go through the archive up to a moment, and open the database there."""
    signal = spare.home.data / "recovery.signal"
    signal.touch()
    account = spare.home.account
    if account:
        os.chown(signal, account.uid, account.gid)
    spare.settings["recovery_target_time"] = str(to)
    spare.start()
    wait(lambda: spare.rows(IS_OPEN) == [True])


def test_a_project_is_there_again_as_it_was_the_moment_before_it_was_deleted(lived, spare, archive, tmp_path):
    server = served(lived, tmp_path)
    ada = server.person()
    project = server.project(ada)

    def write(title):
        assert server.ask("POST", f"{project}/issues", {"title": title}, by=ada).status == 201

    write("Before the base backup")
    spare.copy(lived)
    for number in range(20):
        write(f"After it, {number}")
    [moment] = lived.rows("SELECT clock_timestamp()")
    time.sleep(0.01)  # the commit that is to be left out is later
    assert server.ask("DELETE", project, by=ada).status == 204
    server.stop()
    assert lived.rows("SELECT count(*) FROM projects WHERE name = 'Rockery'") == [0]
    lived.stop()  # its last words go into the archive

    recover(spare, moment)

    again = served(spare, tmp_path)
    try:
        told = again.ask("GET", f"{project}/issues?q=is:all", by=again.log_in(ada)).json
        assert (told["total"], told["items"][0]["title"]) == (21, "After it, 19")
        made = again.ask("POST", f"{project}/issues", {"title": "And on"}, by=again.log_in(ada))
        assert made.json["number"] == 22
    finally:
        again.stop()
