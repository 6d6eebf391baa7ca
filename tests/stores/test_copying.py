"""`flask files copy`: from the disk into a bucket and back."""

import os

import pytest

from webapp.stores import copying
from webapp.stores.folder import Folder
from webapp.stores.place import key_of

NAMES = [f"{number:032x}" for number in range(5)]


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path / "files")
    for name in NAMES:
        made.write(key_of(name), iter([os.urandom(1000)]))
    made.write(f"{key_of(NAMES[0])}.thumb", iter([b"small"]))
    made.write(f"trash/2026-11-28/{key_of(NAMES[4])}", iter([b"swept"]))
    made.write("00/by-hand", iter([b"somebody's"]))
    return made


@pytest.fixture
def copy(app, in_bucket):
    def run(*places):
        told = app.test_cli_runner().invoke(args=["files", "copy", *map(str, places)])
        said = [line for line in told.stderr.splitlines() if "so far" not in line]  # how far a slow store is
        return told.exit_code, told.stdout.partition(" in ")[0], said

    return run


def content(place):
    """Of all that is Cairn's."""
    lying = [one.key for shard in ("00", "trash") for one in place.lying(shard)]
    return {key: b"".join(place.read(key)) for key in lying if "by-hand" not in key}


def test_all_files_go_there_and_back(copy, folder, bucket, url, tmp_path):
    assert copy(folder, url) == (0, "7 copied. 0.0 MiB", [])
    assert content(bucket) == content(folder)
    assert copy(url, tmp_path / "back")[0] == 0
    assert content(Folder(tmp_path / "back")) == content(folder)
    assert Folder(tmp_path / "back").mark() == bucket.mark()


def test_what_is_there_is_not_copied_again_unless_it_is_another(copy, folder, bucket, url):
    copy(folder, url)
    bucket.delete([key_of(NAMES[1])])
    bucket.write(key_of(NAMES[2]), iter([os.urandom(1000)]))
    assert copy(folder, url) == (0, "2 copied, 5 there already. 0.0 MiB", [])
    assert content(bucket) == content(folder)


def test_what_does_not_arrive_whole_is_told(copy, folder, url, monkeypatch):
    whole = copying.Summed.__next__
    monkeypatch.setattr(copying.Summed, "__next__", lambda self: whole(self)[:-1])
    told = copy(folder, url)
    assert told[0] == 1
    assert "Some files are not the same. Copy once more." in told[2][-1]


def test_what_is_deleted_meanwhile_is_no_fault(copy, folder, url, monkeypatch):
    real = Folder.read
    monkeypatch.setattr(Folder, "read", lambda self, key: real(self, key if key != key_of(NAMES[3]) else "gone"))
    assert copy(folder, url) == (0, "6 copied, 1 deleted meanwhile. 0.0 MiB", [])


@pytest.mark.parametrize("other", ["folder", "bucket"])
def test_files_of_another_database_are_not_copied(copy, folder, bucket, url, other):
    {"folder": folder, "bucket": bucket}[other].claim("another", anew=True)
    told = copy(folder, url)
    assert (told[0], "another database's" in told[2][-1]) == (1, True)
    assert not list(bucket.lying("00"))


@pytest.mark.parametrize("target", ["s3://", "s3:/cairn", "s3://cairn?endpoint=nowhere"])
def test_a_bucket_is_named_as_in_the_settings(copy, folder, target):
    told = copy(folder, target)
    assert (told[0], len(told[2]), target in told[2][0]) == (1, 1, True)


def test_a_store_that_is_away_is_told_with_its_reason(copy, folder):
    told = copy(folder, "s3://cairn?endpoint=http://127.0.0.1:9")
    assert (told[0], told[2][-1].startswith("cairn: the store for files cannot be used: ")) == (1, True)
