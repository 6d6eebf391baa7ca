"""What the doctor says where it may not look, cannot read without more, or is not understood."""

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.embedded.folders import nobody
from webapp.doctor import database, repository

PHRASE = "q7Zk3vXw9LmT2rYb8NsHd5GfJc4PaE6u"
OTHER = "Hd5GfJc4PaE6uq7Zk3vXw9LmT2rYb8Ns"


@pytest.fixture
def encrypted(patient, tmp_path):
    """A folder with a daily backup that is encrypted."""
    (plain,) = patient.folder.glob("cairn-*.zst")
    made = patient.run("backup", str(tmp_path / f"{plain.name}.age"), BACKUP_PASSPHRASE=PHRASE)
    assert made.returncode == 0, made.stderr
    return str(tmp_path)


def test_an_encrypted_backup_that_is_well_is_no_finding(patient, encrypted):
    said = patient.asked(BACKUP_FOLDER=encrypted, BACKUP_PASSPHRASE=PHRASE)
    assert (said.status, said.found) == (0, {})


@pytest.mark.parametrize(("phrase", "words"), [(None, "set BACKUP_PASSPHRASE to what"), (OTHER, "is not the one")])
def test_a_passphrase_that_is_gone_or_another_is_told(patient, encrypted, phrase, words):
    said = patient.asked(BACKUP_FOLDER=encrypted, BACKUP_PASSPHRASE=phrase)
    assert list(said.found) == ["backup"]
    assert words in said.found["backup"]
    assert "Look for it where other secrets are" in said.found["backup"]
    assert "disk" not in said.found["backup"]


def test_a_question_that_is_not_understood_is_no_database_that_is_away(patient, monkeypatch):
    monkeypatch.setattr(repository, "_STATE", text("SELECT of_a_later_postgresql()"))
    said = patient.asked(MAIL_URL="smtp://127.0.0.1:1")
    assert list(said.found) == ["question", "mail_server"]
    assert "refused what this asked of it: function of_a_later_postgresql() does not exist" in said.found["question"]


def test_a_postgresql_that_is_too_old_is_asked_nothing_that_it_does_not_know(patient, monkeypatch):
    """Any is, for one that needs a later one."""
    monkeypatch.setattr(repository, "_STATE", text("SELECT of_a_later_postgresql()"))
    monkeypatch.setattr(database, "OLDEST", 99)
    said = patient.asked()
    assert list(said.found) == ["postgres"]
    assert "and Cairn needs 99 or later" in said.found["postgres"]


@contextmanager
def as_a_stranger():
    """As an account that has no business with Cairn's folders."""
    if os.geteuid():
        pytest.skip("Only root can be somebody else.")
    os.seteuid(nobody().uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def closed():
    """A place that all may look into, with folders that only their owner may."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    for folder in (place / "data" / "files", place / "kept"):
        folder.mkdir(parents=True)
    for folder in (place / "data", place / "kept"):
        folder.chmod(0o700)
    yield place
    shutil.rmtree(place)


@pytest.mark.parametrize("names", [("data", "kept"), ("data", "data/kept")])
def test_an_account_that_may_not_look_is_told_of_all_the_same(patient, closed, names):
    """Of CAIRN_DATA and BACKUP_FOLDER, whether they or what is above may not be looked into."""
    data, kept = (str(closed / name) for name in names)
    patient.asked()  # loads what a stranger may not, where Python is root's
    with as_a_stranger():
        said = patient.asked(CAIRN_DATA=data, BACKUP_FOLDER=kept)
    assert f"and {data} is root's" in said.found["account"]
    assert "cannot be written (Permission denied)" in said.found["folder"]
    assert "(Permission denied)" in said.found["backups_folder"]
