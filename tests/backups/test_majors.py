"""A backup is of no PostgreSQL's version: an older one takes what a newer one has written, and the other way round."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backups.installation import installation
from tests.embedded.folders import make_older, serving_older


@pytest.fixture
def sixteen() -> Iterator[str]:
    """The address of a PostgreSQL 16."""
    home = Path(tempfile.mkdtemp(prefix="cairn-test-"))
    home.chmod(0o755)
    make_older(home / "postgres")
    with serving_older(home / "postgres") as url:
        yield url
    shutil.rmtree(home)


def test_it_goes_from_one_to_the_other_and_back(full, archive, sixteen, settings, empty, tmp_path):
    with installation(sixteen, settings, tmp_path / "sixteen") as older:
        assert older.run("restore", archive).exit_code == 0
        assert older.ask("SELECT current_setting('server_version_num')::int / 10000") == [(16,)]
        assert (older.rows(), older.files()) == (full.rows(), full.files())
        assert older.run("backup", tmp_path / "older.tar.zst").exit_code == 0
    assert empty.run("restore", tmp_path / "older.tar.zst").exit_code == 0
    assert (empty.rows(), empty.shape(), empty.files()) == (full.rows(), full.shape(), full.files())
