"""Backups of an installation whose files lie in a bucket."""

import io

import pytest

from tests.attachments.pictures import picture
from tests.backups.installation import installation
from tests.clients import Api
from tests.make import Make
from tests.stores.conftest import KEY
from webapp.backups import making
from webapp.stores.bucket import Bucket
from webapp.stores.place import MARK, SHARDS


@pytest.fixture
def installed(database, settings, tmp_path, url):
    """One whose files lie in the bucket."""
    given = type(settings).model_validate(settings.model_dump() | {"files_url": url} | KEY)
    with installation(database, given, tmp_path / "data", prepared=True) as made:
        yield made


@pytest.fixture
def ada(installed):
    return Make(installed.app).person("Ada")


@pytest.fixture
def uploaded(installed, ada):
    """Files of a project, the last of which has a small picture."""
    Make(installed.app).project(ada, key="WALL")
    api = Api(installed.app, ada, {})
    contents = (b"stones", b"", picture(size=(1600, 1200)))
    return [
        api.post("/projects/WALL/attachments", status=201, data={"file": (io.BytesIO(one), "a.png")})
        for one in contents
    ]


def content(bucket):
    return {one.key: b"".join(bucket.read(one.key)) for one in bucket.lying("")}


def test_an_archive_has_the_buckets_files_and_brings_them_to_another(
    installed, uploaded, bucket, database, settings, tmp_path, url
):
    archive, before = tmp_path / "cairn.tar.zst", content(bucket)
    told = installed.run("backup", archive)
    assert (told.exit_code, "4 files" in told.output) == (0, True), told.output
    assert content(bucket) == before
    given = type(settings).model_validate(
        settings.model_dump() | {"files_url": url.replace("/cairn?", "/other?")} | KEY
    )
    with installation(database, given, tmp_path / "other") as other:
        restored = other.run("restore", archive)
        assert restored.exit_code == 0, restored.output
    assert content(Bucket(given.bucket, *KEY.values())) == before


def test_a_rehearsal_leaves_nothing(installed, uploaded, bucket, tmp_path):
    archive, before = tmp_path / "cairn.tar.zst", content(bucket)
    installed.run("backup", archive)
    told = installed.run("restore", "--rehearse", archive)
    assert (told.exit_code, "It can be restored" in told.output) == (0, True), told.output
    assert content(bucket) == before


def test_a_bucket_with_files_is_not_restored_into(installed, uploaded, bucket, tmp_path, database):
    archive, before = tmp_path / "cairn.tar.zst", content(bucket)
    installed.run("backup", archive)
    with installation(database, installed.app.config["SETTINGS"], tmp_path / "other") as other:
        told = other.run("restore", archive)
    assert (told.exit_code, "There are files in s3://" in told.stderr) == (1, True)
    assert content(bucket) == before


def test_a_restoration_that_fails_takes_its_files_back(installed, uploaded, bucket, tmp_path, database, monkeypatch):
    archive = tmp_path / "cairn.tar.zst"
    installed.run("backup", archive)
    bucket.clear("")
    monkeypatch.setattr("webapp.backups.objects.BroughtObjects.place", lambda *_: 1 / 0)
    with installation(database, installed.app.config["SETTINGS"], tmp_path / "other") as other:
        assert isinstance(other.run("restore", archive).exception, ZeroDivisionError)
    assert content(bucket) == {}


def test_what_is_deleted_while_a_backup_is_made_is_in_it(installed, uploaded, bucket, tmp_path, monkeypatch):
    real = making._told

    def deleting(connection, held):
        for name in {one.name for shard in SHARDS for one in bucket.lying(shard)}:
            bucket.remove(name)
        return real(connection, held)

    monkeypatch.setattr(making, "_told", deleting)
    told = installed.run("backup", tmp_path / "cairn.tar.zst")
    assert (told.exit_code, "4 files" in told.output, "lost" in told.output) == (0, True, False), told.output
    assert list(content(bucket)) == [MARK]


def test_what_was_lost_before_is_told(installed, uploaded, bucket, tmp_path):
    bucket.clear("")
    told = installed.run("backup", tmp_path / "cairn.tar.zst")
    assert (told.exit_code, "4 files were lost before" in told.output) == (0, True), told.output
