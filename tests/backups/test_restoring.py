"""What was backed up is there again: row by row, file by file, and it can be worked with."""

import io
import re

from tests.clients import Api
from webapp.access import Viewer
from webapp.db import db
from webapp.models.accounts import User


def test_all_rows_and_files_are_as_they_were(full, archive, empty):
    result = empty.run("restore", archive)
    assert result.exit_code == 0, result.output
    assert empty.rows() == full.rows()
    assert empty.files() == full.files()
    assert empty.shape() == full.shape()


def test_something_of_each_kind_was_there(full, archive):
    assert [name for name, (number, _) in full.rows().items() if not number] == []
    assert len(full.files()) == 6


def test_a_prepared_database_will_do(full, archive, prepared):
    result = prepared.run("restore", archive)
    assert result.exit_code == 0, result.output
    assert (prepared.rows(), prepared.shape(), prepared.files()) == (full.rows(), full.shape(), full.files())


def test_what_was_restored_can_be_looked_at_and_changed(full, archive, empty):
    """Numbers go on where they were, counters move, files are found and taken: triggers and sequences are right."""
    empty.run("restore", archive)
    ada = Api(empty.app, person(empty, "Ada"), {})
    [picture, *_] = re.findall(r"/attachments/\d+/[\w.]+", ada.get("/projects/MATRIX/issues/1")["body"])
    assert ada.send("GET", picture, status=200).data in full.files().values()
    made = ada.post("/projects/MATRIX/issues", {"title": "A new stone", "labels": ["bug"]})
    assert made["number"] == 4
    ada.post("/projects/MATRIX/issues/4/comments", {"body": "It holds."})
    ada.post("/projects/MATRIX/attachments", data={"file": (io.BytesIO(b"notes"), "notes.txt")})
    assert [one["number"] for one in ada.get("/projects/MATRIX/issues?q=stone")["items"]][:1] == [4]
    assert empty.ask("SELECT count(*) FROM jobs WHERE task = 'hear' AND state = 'ready'") != [(0,)]


def test_it_is_told_what_was_restored_and_how_long_it_took(full, archive, empty):
    result = empty.run("restore", archive)
    rows = sum(number for number, _ in full.rows().values()) - 1  # the migration is no row of the archive's
    assert f"Restored: {rows:,} rows of {len(full.rows()) - 1} tables, 5 files" in result.stdout
    assert re.search(r"^ +\d+\.\d s  rows and files$", result.stdout, re.MULTILINE)


def person(installation, name) -> Viewer:
    with installation.app.app_context():
        user = db.session.query(User).filter_by(name=name).one()
        return Viewer(user.id, user.name, user.email or "", user.created_at, user.is_admin)
