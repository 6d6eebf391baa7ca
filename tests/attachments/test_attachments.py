"""From the upload to the end of a file."""

import io
import os
import time
from hashlib import sha256

import pytest

from tests.attachments.conftest import URL
from tests.attachments.pictures import picture
from webapp.attachments import service as attachments
from webapp.attachments import storage
from webapp.db import db
from webapp.stores.place import SHARDS

ISSUES = "/projects/WALL/issues"


@pytest.fixture
def stored(folder):
    """The files in their places."""
    return lambda: {path for shard in SHARDS for path in folder.glob(f"{shard}/*")}


def test_what_goes_up_comes_down_byte_for_byte(api, ada, upload):
    data = os.urandom(2_000_000)
    made = upload(ada, data, "core.dump")
    got = api(ada).send("GET", made["url"], status=200)
    assert got.data == data
    assert (made["size"], made["media_type"]) == (2_000_000, "application/octet-stream")
    assert got.headers["ETag"] == f'"{sha256(data).hexdigest()}"'


def test_a_file_says_how_to_write_it_into_a_text(api, ada, upload):
    made = upload(ada, b"stones", "a [b](c).txt")
    assert made["markdown"] == f"[a \\[b\\](c).txt](/attachments/{made['id']}/a%20%5Bb%5D%28c%29.txt)"
    shot = upload(ada, picture(size=(640, 480)), "shot.png")
    assert shot["markdown"] == f"![shot.png](/attachments/{shot['id']}/shot.png?w=640&h=480)"
    assert api(ada).get(f"/attachments/{shot['id']}") == shot


def test_a_part_of_a_file_can_be_asked_for(api, ada, upload):
    made = upload(ada, bytes(range(200)))
    part = api(ada).send("GET", made["url"], status=206, headers={"Range": "bytes=100-149"})
    assert part.data == bytes(range(100, 150))
    api(ada).send("GET", made["url"], status=416, headers={"Range": "bytes=500-600"})


def test_who_has_the_file_gets_it_only_once(api, ada, upload):
    made = upload(ada, b"stones")
    tag = api(ada).send("GET", made["url"]).headers["ETag"]
    again = api(ada).send("GET", made["url"], status=304, headers={"If-None-Match": tag})
    assert again.data == b""
    assert "sandbox" in again.headers["Content-Security-Policy"]


def test_until_a_text_names_it_a_file_is_only_for_who_uploaded_it(api, ada, make, project, upload):
    member = make.member(project, "member")
    made = upload(member, b"stones")
    api(ada).get(made["url"], status=404)
    api(member).post(ISSUES, {"title": "Here", "body": made["markdown"]})
    api(ada).send("GET", made["url"], status=200)


def test_a_comment_takes_its_files_along(api, ada, make, project, upload):
    issue, member = make.issue(project, ada), make.member(project, "member")
    made = upload(member, b"stones")
    comment = api(member).post(f"{ISSUES}/{issue.number}/comments", {"body": f"See {made['markdown']}"})
    api(ada).send("GET", made["url"], status=200)
    api(ada).patch(f"{ISSUES}/{issue.number}/comments/{comment['id']}", {"body": "No."})
    api(ada).send("GET", made["url"], status=200)


def test_nobody_takes_another_ones_file(api, ada, make, project, upload):
    member = make.member(project, "member")
    made = upload(ada, b"secret")
    api(member).post(ISSUES, {"title": "Mine now", "body": made["markdown"]})
    api(member).get(made["url"], status=404)


def test_a_file_of_another_project_is_not_taken_along(api, ada, eve, make, project, upload):
    made = upload(ada, b"secret")
    make.project(ada, key="OPEN", visibility="public")
    api(ada).post("/projects/OPEN/issues", {"title": "Here", "body": made["markdown"]})
    api(eve).get(made["url"], status=404)


def test_a_private_projects_files_are_hidden(api, browser, ada, eve, upload):
    made = upload(ada, picture(), "shot.png")
    api(ada).post(ISSUES, {"title": "Here", "body": made["markdown"]})
    for url in (made["url"], made["thumbnail_url"], f"/attachments/{made['id']}"):
        api(eve).get(url, status=404)
        api().get(url, status=401)
        assert browser().get(url, status=303).location.startswith("/auth/login")
    assert api().get("/attachments/999999999", status=401)


def test_who_may_comment_may_attach(ada, eve, make, project, upload):
    upload(make.member(project, "reporter"), b"stones")
    upload(make.member(project, "viewer"), b"stones", status=403)
    upload(eve, b"stones", status=404)
    upload(None, b"stones", status=401)


def test_a_file_is_deleted_by_its_uploader_or_a_maintainer(api, ada, make, project, upload, stored):
    member, other = make.member(project, "member"), make.member(project, "member")
    made = upload(member, b"stones")
    api(member).post(ISSUES, {"title": "Here", "body": made["markdown"]})
    api(other).delete(f"/attachments/{made['id']}", status=403)
    api(member).delete(f"/attachments/{made['id']}")
    api(member).get(made["url"], status=404)
    assert not stored()


def test_a_file_has_a_page_that_deletes_it(browser, api, ada, upload):
    made = upload(ada, b"stones", "stones.txt")
    api(ada).post(ISSUES, {"title": "Here", "body": made["markdown"]})
    page = browser(ada).get(f"/attachments/{made['id']}")
    assert page.says("6 bytes, uploaded by Ada")
    assert made["url"] in page.links
    assert browser(ada).post(f"/attachments/{made['id']}/delete").location == f"{ISSUES}/1"


def test_in_the_trash_a_file_is_for_those_who_may_restore(api, ada, make, project, upload):
    member = make.member(project, "member")
    made = upload(member, b"stones")
    api(member).post(ISSUES, {"title": "Here", "body": made["markdown"]})
    api(ada).delete(f"{ISSUES}/1")
    api(member).get(made["url"], status=404)
    api(ada).send("GET", made["url"], status=200)


def sweep(app, *, later):
    """Sweep as if all files had been written long ago."""
    for path in (app.config["SETTINGS"].cairn_data / "files").rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - later, time.time() - later))
    with app.app_context():
        return attachments.sweep()


def test_the_files_of_an_issue_go_with_its_row(app, api, ada, upload, stored):
    made = upload(ada, picture(), "shot.png")
    issue = api(ada).post(ISSUES, {"title": "Here", "body": made["markdown"]})
    sweep(app, later=2 * storage.GRACE)
    assert len(stored()) == 2
    with app.app_context():
        db.session.execute(db.text("DELETE FROM issues WHERE id = :id"), {"id": issue["id"]})
        db.session.commit()
    sweep(app, later=2 * storage.GRACE)
    assert not stored()


def test_a_file_that_no_text_names_stays_a_day(app, api, ada, upload, stored):
    made = upload(ada, b"stones")
    sweep(app, later=2 * storage.GRACE)
    assert len(stored()) == 1
    with app.app_context():
        db.session.execute(db.text("UPDATE attachments SET created_at = now() - interval '25 hours'"))
        db.session.commit()
    assert sweep(app, later=0) == 1
    assert not stored()
    api(ada).get(made["url"], status=404)


def test_what_a_broken_upload_leaves_is_swept(app, ada, upload, folder, stored):
    upload(ada, b"stones")
    (folder / "ab").mkdir(exist_ok=True)
    for name in ("." + "c" * 30, "d" * 30, "e" * 30 + ".thumb"):
        (folder / "ab" / name).write_bytes(b"half")
    sweep(app, later=0)
    assert len(stored()) == 4
    sweep(app, later=2 * storage.GRACE)
    assert len(stored()) == 1


def test_a_full_disk_is_told_and_leaves_nothing(app, ada, upload, stored, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("webapp.attachments.storage.os.fsync", full)
    assert "room" in upload(ada, b"stones", status=503)["detail"]
    assert not stored()


def test_an_upload_needs_a_file(api, ada, project):
    assert api(ada).post(URL, status=422, data={"file": "text"})["errors"][0]["field"] == "file"
    api(ada).post(URL, status=422, data={})
    api(ada).post(URL, {"file": "x"}, status=422)
    two = {"file": [(io.BytesIO(b"a"), "a"), (io.BytesIO(b"b"), "b")]}
    api(ada).post(URL, status=422, data=two)


def test_an_upload_that_is_sent_twice_happens_once(api, ada, project):
    def send():
        data = {"file": (io.BytesIO(b"stones"), "a.txt")}
        return api(ada).post(URL, data=data, headers={"Idempotency-Key": "once"})

    assert send()["id"] == send()["id"]


def test_there_is_a_limit_to_what_one_uploads_in_an_hour(app, ada, upload):
    upload(ada, b"stones")
    with app.app_context():
        db.session.execute(db.text("UPDATE attachments SET size = 600 * 1024 * 1024"))
        db.session.commit()
    upload(ada, b"stones", status=429)


@pytest.mark.parametrize(("name", "budget"), [("url", 3), ("thumbnail_url", 3)])
def test_a_file_costs_three_statements(api, ada, upload, statements, name, budget):
    made = upload(ada, picture(), "shot.png")
    api(ada).post(ISSUES, {"title": "Here", "body": made["markdown"]})
    asked = api(ada)
    statements.clear()
    asked.get(made[name])
    assert len([one for one in statements if "SAVEPOINT" not in one]) <= budget


def test_a_moved_key_leaves_the_address_as_it_is(api, ada, upload):
    made = upload(ada, b"stones")
    api(ada).post(ISSUES, {"title": "Here", "body": made["markdown"]})
    api(ada).patch("/projects/WALL", {"key": "FENCE"})
    assert api(ada).send("GET", made["url"], status=200).data == b"stones"
