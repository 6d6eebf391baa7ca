"""A folder of files belongs to one database; what any other one does not know of is not its to delete."""

import io
import logging
import os
import time
from uuid import uuid4

import pytest

from tests.attachments.conftest import URL
from tests.attachments.pictures import picture
from webapp.attachments import routes, storage, sweeping
from webapp.attachments import service as attachments
from webapp.db import db
from webapp.errors import Conflict, Unavailable
from webapp.stores.place import SHARDS

ISSUES = "/projects/WALL/issues"
AVATAR = "/auth/me/avatar"


@pytest.fixture
def sweep(app, folder):
    """`sweep()` once all that lies there is old enough."""

    def run(**options):
        age(folder)
        with app.app_context():
            return attachments.sweep(**options)

    return run


@pytest.fixture
def clean_files(app, folder):
    def run(command="clean-files", *options):
        age(folder)
        return app.test_cli_runner().invoke(args=[command, *options])

    return run


def age(folder):
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - 3 * storage.GRACE,) * 2)


def strangers(folder, number):
    """Files that no database knows."""
    for _ in range(number):
        name = uuid4().hex
        (folder / name[:2]).mkdir(parents=True, exist_ok=True)
        (folder / name[:2] / name[2:]).write_bytes(b"stones")


def files(folder):
    """Those in their places, by path, with what is in them."""
    shards = (folder / shard for shard in SHARDS)
    return {p: p.read_bytes() for shard in shards if shard.is_dir() for p in shard.iterdir()}


def resting(folder):
    return [path for path in (folder / "trash").rglob("*") if path.is_file()]


def of_another_database(folder):
    folder.mkdir(exist_ok=True)
    (folder / ".cairn").write_text(f"{uuid4()}\n")


def ready(api):
    return api().get("/readyz")


def test_a_new_folder_takes_the_databases_id(api, ada, upload, folder, app):
    upload(ada, b"stones")
    with app.app_context():
        own = db.session.scalar(db.text("SELECT id FROM installation"))
    assert (folder / ".cairn").read_text().strip() == str(own)
    assert ready(api) == {"status": "ready"}


def test_a_database_deletes_nothing_in_a_folder_that_is_anothers(folder, sweep, clean_files):
    strangers(folder, 5)
    of_another_database(folder)
    before = files(folder)
    with pytest.raises(Unavailable):
        sweep()
    told = clean_files()
    assert told.exit_code == 1
    assert "another database" in told.output
    assert str(folder) in told.output
    assert files(folder) == before
    assert not resting(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda api, made: api.post(URL, data={"file": (io.BytesIO(b"stones"), "a.txt")}, status=503),
        lambda api, made: api.delete(f"/attachments/{made['id']}", status=503),
        lambda api, made: api.post(AVATAR, data={"file": (io.BytesIO(picture()), "me.png")}, status=503),
        lambda api, made: api.delete(AVATAR, status=503),
    ],
    ids=["upload", "deletion", "picture of oneself", "no picture of oneself"],
)
def test_nothing_is_written_there_nor_deleted(api, ada, upload, folder, change):
    made = upload(ada, b"stones")
    api(ada).post(AVATAR, data={"file": (io.BytesIO(picture()), "me.png")}, status=200)
    of_another_database(folder)
    before = files(folder)
    assert "another database" in change(api(ada), made)["detail"]
    assert files(folder) == before
    assert api(ada).send("GET", made["url"], status=200).data == b"stones"


def test_a_form_with_a_file_comes_back_with_its_text(browser, ada, project, folder):
    of_another_database(folder)
    sent = {"title": "Loose", "body": "See:", "files": [(io.BytesIO(b"stones"), "a.txt")]}
    page = browser(ada).post(ISSUES, sent, status=503)
    assert page.fields["body"] == "See:"
    assert page.says("another database")
    browser(ada).post(ISSUES, {"title": "Loose", "body": "See:"})


def test_whoever_watches_is_told_and_pages_go_on(api, ada, project, folder):
    of_another_database(folder)
    told = ready(api)
    assert told["status"] == "ready"
    assert "another database" in told["files"]
    assert "claim-files" in told["files"]
    api(ada).get(ISSUES)


def test_an_operator_can_say_that_they_belong_together(api, ada, upload, folder, clean_files):
    of_another_database(folder)
    assert clean_files("claim-files").exit_code == 0
    assert ready(api) == {"status": "ready"}
    upload(ada, b"stones")


def test_a_folder_from_before_is_taken_if_most_of_it_is_known(api, ada, upload, folder):
    for _ in range(3):
        upload(ada, b"stones")
    strangers(folder, 2)
    (folder / ".cairn").unlink()
    assert ready(api) == {"status": "ready"}
    upload(ada, b"stones")


def test_a_folder_from_before_is_left_alone_if_most_of_it_is_not(api, ada, upload, folder, sweep):
    upload(ada, b"stones")
    strangers(folder, 2)
    (folder / ".cairn").unlink()
    assert "No database has claimed" in ready(api)["files"]
    upload(ada, b"stones", status=503)
    with pytest.raises(Unavailable):
        sweep()
    assert len(files(folder)) == 3
    assert not (folder / ".cairn").exists()


def test_what_belongs_to_nothing_rests_where_it_can_be_put_back(ada, upload, folder, sweep):
    upload(ada, picture(size=(900, 900)), "shot.png")
    strangers(folder, 3)
    before = files(folder)
    assert sweep() == 3
    [day] = (folder / "trash").iterdir()
    assert len(files(folder)) == 2
    for path in resting(folder):
        path.rename(folder / path.relative_to(day))
    assert files(folder) == before


def test_after_thirty_days_it_is_gone(ada, upload, folder, sweep):
    upload(ada, b"stones")
    strangers(folder, 1)
    sweep()
    [day] = (folder / "trash").iterdir()
    day.rename(day.with_name("2001-02-03"))
    (folder / "trash" / "kept by hand").mkdir()
    strangers(folder, 1)
    sweep()
    assert len(resting(folder)) == 1
    assert not (folder / "trash" / "2001-02-03").exists()
    assert (folder / "trash" / "kept by hand").exists()


def test_what_is_no_upload_is_left_alone(ada, upload, folder, sweep):
    upload(ada, b"stones")
    for name in ("notes.txt", ".nfs0000000000c0ffee", "README"):
        (folder / "ab").mkdir(exist_ok=True)
        (folder / "ab" / name).write_bytes(b"by hand")
    sweep()
    assert sum(data == b"by hand" for data in files(folder).values()) == 3


@pytest.mark.parametrize(("unknown", "known", "takes"), [(20, 1, True), (21, 1, False), (21, 200, True)])
def test_a_sweep_that_would_take_much_refuses(app, ada, upload, folder, sweep, clean_files, unknown, known, takes):
    made = upload(ada, b"stones")
    with app.app_context():
        db.session.execute(
            db.text(
                "INSERT INTO attachments (project_id, user_id, name, stored, size, media_type, sha256, has_thumbnail)"
                " SELECT project_id, user_id, name, md5(n::text), size, media_type, sha256, false"
                " FROM attachments, generate_series(2, :known) n WHERE id = :id"
            ),
            {"known": known, "id": made["id"]},
        )
        db.session.commit()
        for name in db.session.scalars(db.text("SELECT stored FROM attachments")):
            storage.file(name).parent.mkdir(exist_ok=True)
            storage.file(name).write_bytes(b"stones")
    strangers(folder, unknown)
    if takes:
        assert sweep() == unknown
        return
    with pytest.raises(Conflict):
        sweep()
    told = clean_files()
    assert told.exit_code == 1
    assert "21 of 22 files" in told.output
    assert len(files(folder)) == unknown + known
    assert clean_files("clean-files", "--anyway").exit_code == 0
    assert len(files(folder)) == known


def test_a_folder_that_cannot_be_used_is_told(api, ada, upload, folder):
    folder.write_bytes(b"no folder")
    assert "cannot be used" in ready(api)["files"]
    assert "whoever runs this Cairn" in upload(ada, b"stones", status=503)["detail"]


def test_the_sweep_of_an_upload_refuses_too_and_says_so(ada, upload, folder, monkeypatch, caplog):
    """Its sixteenth holds few files, so it is judged by what all sixteen would hold."""
    monkeypatch.setattr(logging.getLogger("cairn"), "propagate", True)
    upload(ada, b"stones")
    strangers(folder, 160)
    age(folder)
    upload(ada, b"stones")
    assert len(files(folder)) == 162
    assert not resting(folder)
    assert "clean-files" in caplog.text


def test_whose_files_they_are_costs_an_upload_one_statement(ada, upload, folder, statements):
    upload(ada, b"stones")
    statements.clear()
    upload(ada, b"stones")
    assert sum("installation" in one for one in statements) == 1


def test_a_trash_that_cannot_be_used_stops_no_upload(ada, upload, folder, monkeypatch, caplog):
    monkeypatch.setattr(logging.getLogger("cairn"), "propagate", True)
    upload(ada, b"stones")
    (folder / "trash").write_bytes(b"no folder")
    for shard in SHARDS:
        (folder / shard).mkdir(exist_ok=True)
        (folder / shard / uuid4().hex[2:]).write_bytes(b"stones")
    age(folder)
    monkeypatch.setattr(sweeping, "FEW", 1_000)
    upload(ada, b"stones")
    assert "files_not_swept" in caplog.text


def test_an_upload_that_is_undone_takes_no_files_away(app, api, ada, upload, folder, monkeypatch):
    """With a key it is one transaction with what is swept: that would be undone, and its files not brought back."""
    made = upload(ada, b"stones")
    with app.app_context():
        db.session.execute(db.text("UPDATE attachments SET created_at = now() - interval '2 days'"))
        db.session.commit()
    (folder / ".swept").unlink()

    def undo(*_, **__):
        raise Conflict("Undone.")

    monkeypatch.setattr(routes, "Made", undo)
    sent = {"file": (io.BytesIO(b"others"), "a.txt")}
    api(ada, **{"Idempotency-Key": "undone"}).post(URL, status=409, data=sent)
    assert api(ada).send("GET", made["url"], status=200).data == b"stones"
