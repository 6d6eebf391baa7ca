from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backups.filling import fill
from tests.backups.installation import Installation, installation
from tests.make import Make
from tests.test_permissions import there_is
from webapp.text import elsewhere


@pytest.fixture(scope="session")
def full(database, settings, tmp_path_factory) -> Iterator[Installation]:
    """An installation with one of everything that addresses name. Tests leave it as it is."""
    data = tmp_path_factory.mktemp("full")
    with installation(database, settings, data, prepared=True) as made, pytest.MonkeyPatch.context() as patched:
        patched.setattr(elsewhere, "_mode", "proxy")
        there_is(Make(made.app), "public")
        fill(made.ask, [name for name, (number, _) in made.rows().items() if not number])
        yield made


@pytest.fixture(scope="session")
def archive(full, tmp_path_factory) -> Path:
    """A backup of it."""
    path = tmp_path_factory.mktemp("archive") / "cairn.tar.zst"
    result = full.run("backup", path)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def empty(database, settings, tmp_path) -> Iterator[Installation]:
    """Without a table."""
    with installation(database, settings, tmp_path / "data") as made:
        yield made


@pytest.fixture
def prepared(database, settings, tmp_path) -> Iterator[Installation]:
    """With all tables, and nobody."""
    with installation(database, settings, tmp_path / "prepared", prepared=True) as made:
        yield made
