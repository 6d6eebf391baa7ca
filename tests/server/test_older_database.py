"""Cairn on a database that an older PostgreSQL has made, beside its uploaded files: nothing of it is missing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.folders import make_older, reachable_folder, serving_older
from tests.server.running import PATIENCE, Server


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that every account can reach."""
    path = reachable_folder()
    yield path
    shutil.rmtree(path)


def refused(data: Path) -> str:
    """What a start says that must not succeed."""
    server = Server("", data, "http://localhost")
    assert server.process.wait(PATIENCE) == 1
    return server.log.read_text().strip()


def test_a_tracker_of_the_last_major_version_is_all_there(data):
    make_older(data / "postgres")
    with serving_older(data / "postgres") as address:
        before = Server(address, data, "http://localhost")
        before.wait_until_ready()
        ada = before.person()
        project = before.project(ada)
        for number in range(20):
            assert before.ask("POST", f"{project}/issues", {"title": f"Issue {number}"}, by=ada).status == 201
        seen = before.ask("GET", f"{project}/issues", by=ada).json
        before.stop()
    after = Server("", data, "http://localhost")
    after.wait_until_ready()
    assert after.ask("GET", f"{project}/issues", by=after.log_in(ada)).json == seen
    assert after.ask("POST", f"{project}/issues", {"title": "One more"}, by=ada).status == 201
    after.stop()
    assert (data / "postgres" / "data16").is_dir()
    assert "demo@" not in after.log.read_text()


def test_what_cannot_be_carried_over_is_refused_in_one_sentence(data):
    first = Server("", data, "http://localhost")
    first.wait_until_ready()
    first.stop()
    os.rename(data / "postgres" / "data18", data / "postgres" / "data17")
    said = refused(data)
    assert said.startswith("cairn: The database of PostgreSQL 17 was not carried over")
    assert "install them in" in said
    assert len(said.splitlines()) == 1
    assert not (data / "postgres" / "data18").exists()


def test_files_without_their_database_are_refused_in_one_sentence(data):
    (data / "files" / "ab").mkdir(parents=True)
    (data / "files" / "ab" / "cdef").touch()
    said = refused(data)
    assert said.startswith(f"cairn: {data}/files has uploaded files")
    assert len(said.splitlines()) == 1
