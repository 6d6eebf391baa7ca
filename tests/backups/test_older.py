"""A backup of an older Cairn is restored by a newer one, and is what an upgrade would have made of it."""

import pytest

from tests.backups.installation import installation
from webapp import migrations
from webapp.backups import making
from webapp.db import at_length, db

# Counters that migrations move on, and what they let end a year from then on: both by the clock.
MOVED = {"project_stamps", "stamps", "feed_tokens"}


def rows(made):
    return {name: rows for name, rows in made.rows().items() if name not in MOVED}


def moved(made, revision):
    with made.app.app_context(), at_length(db.engine.engine) as connection:
        migrations.move(connection, revision)


@pytest.mark.parametrize("revision", ["0055", "0046", "0034"])
def test_an_older_backup_becomes_what_an_upgrade_makes(database, settings, archive, empty, tmp_path, revision):
    with installation(database, settings, tmp_path / "older") as older:
        older.run("restore", archive)
        moved(older, revision)
        with older.app.app_context():
            assert making.make(tmp_path / "older.tar.zst").revision == revision
        moved(older, "head")
        result = empty.run("restore", tmp_path / "older.tar.zst")
        assert result.exit_code == 0, result.output
        assert (rows(empty), empty.shape(), empty.files()) == (rows(older), older.shape(), older.files())


def test_a_database_that_newer_code_has_prepared_takes_it_too(database, settings, archive, prepared, tmp_path):
    with installation(database, settings, tmp_path / "older") as older:
        older.run("restore", archive)
        moved(older, "0050")
        with older.app.app_context():
            making.make(tmp_path / "older.tar.zst")
        moved(older, "head")
        assert prepared.run("restore", tmp_path / "older.tar.zst").exit_code == 0
        assert (rows(prepared), prepared.shape()) == (rows(older), older.shape())
