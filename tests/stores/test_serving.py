"""Files in a bucket, as people and programs meet them."""

import io
import os
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

from tests.attachments.pictures import picture
from webapp.db import db
from webapp.stores.bucket import Bucket

AWAY = "s3://cairn?endpoint=http://127.0.0.1:9"
ISSUES = "/projects/WALL/issues"


def in_bucket_keys(bucket):
    return [one.key for one in bucket.lying("") if one.key not in (".cairn",)]


def test_what_goes_up_lies_in_the_bucket_alone_and_comes_down(api, ada, upload, bucket, tmp_path):
    data = os.urandom(2_500_000)
    made = upload(ada, data, "core.dump")
    assert api(ada).send("GET", made["url"], status=200).data == data
    [key] = in_bucket_keys(bucket)
    assert b"".join(bucket.read(key)) == data
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path.name != ".swept"]


@pytest.mark.parametrize(
    ("asked", "told"), [("bytes=100-149", bytes(range(100, 150))), ("bytes=-5", bytes(range(195, 200)))]
)
def test_a_part_of_a_file_can_be_asked_for(api, ada, upload, asked, told):
    made = upload(ada, bytes(range(200)))
    assert api(ada).send("GET", made["url"], status=206, headers={"Range": asked}).data == told
    api(ada).send("GET", made["url"], status=416, headers={"Range": "bytes=500-600"})


@pytest.mark.parametrize("data", [b"stones", picture()])
def test_a_file_of_a_bucket_bears_the_headers_of_one_of_the_disk(app, api, ada, upload, monkeypatch, data):
    """But for when the file was changed, which the disk knows as well."""
    of_bucket = api(ada).send("GET", upload(ada, data, "Grüße.png")["url"], status=200).headers
    monkeypatch.setitem(app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update={"files_url": None}))
    of_disk = api(ada).send("GET", upload(ada, data, "Grüße.png")["url"], status=200).headers
    own = ("Last-Modified", "Date", "X-Request-ID", "Server-Timing")
    assert {k: v for k, v in of_bucket if k not in own} == {k: v for k, v in of_disk if k not in own}
    assert "sandbox" in of_bucket["Content-Security-Policy"]
    assert of_bucket["X-Content-Type-Options"] == "nosniff"


def test_a_small_picture_comes_from_the_bucket(api, ada, upload):
    made = upload(ada, picture(size=(1600, 1200)), "shot.png")
    assert api(ada).send("GET", made["thumbnail_url"], status=200).data[8:12] == b"WEBP"


def test_who_has_the_file_hears_so_without_the_store(api, ada, upload, in_bucket):
    made = upload(ada, b"stones")
    tag = api(ada).send("GET", made["url"]).headers["ETag"]
    in_bucket(files_url=AWAY)
    api(ada).send("GET", made["url"], status=304, headers={"If-None-Match": tag})


def test_downloads_are_sent_to_the_store_where_it_is_so_chosen(api, ada, upload, in_bucket):
    made = upload(ada, b"<script>alert(1)</script>", "Grüße & co.html")
    in_bucket(files_serve="redirect")
    sent = api(ada).send("GET", made["url"], status=302)
    asked = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert asked["response-content-type"] == ["application/octet-stream"]
    assert asked["response-content-disposition"] == [
        "attachment; filename=\"Grue & co.html\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20&%20co.html"
    ]
    assert (sent.headers["Cache-Control"], sent.headers["Content-Security-Policy"]) == (
        "private, no-cache",
        "default-src 'none'; sandbox",
    )
    with urlopen(Request(sent.headers["Location"], headers={"Range": "bytes=1-6"})) as got:
        assert (got.status, got.read()) == (206, b"script")
        assert got.headers["Content-Disposition"].startswith("attachment;")


def test_pictures_that_are_shown_are_never_sent_elsewhere(api, ada, upload, in_bucket):
    """A page may show pictures of this site alone, and the store knows nothing of sandboxes."""
    made = upload(ada, picture(size=(1600, 1200)), "shot.png")
    in_bucket(files_serve="redirect")
    for url in (made["url"], made["thumbnail_url"]):
        api(ada).send("GET", url, status=200)


@pytest.mark.parametrize("serve", ["proxy", "redirect"])
def test_rights_are_asked_before_the_store(api, ada, make, upload, in_bucket, serve):
    made = upload(ada, b"stones")
    in_bucket(files_url=AWAY, files_serve=serve)
    api(make.person()).send("GET", made["url"], status=404)
    api().send("GET", made["url"], status=401)


@pytest.mark.parametrize("serve", ["proxy", "redirect"])
def test_a_file_that_is_gone_is_told(api, ada, upload, bucket, in_bucket, serve):
    made = upload(ada, b"stones")
    bucket.delete(in_bucket_keys(bucket))
    in_bucket(files_serve=serve)
    assert api(ada).get(made["url"], status=404)["detail"] == "The file itself is gone."


@pytest.mark.parametrize("serve", ["proxy", "redirect"])
def test_a_store_that_is_away_is_told_in_plain_words(api, browser, ada, upload, in_bucket, serve):
    made = upload(ada, b"stones")
    in_bucket(files_url=AWAY, files_serve=serve)
    said = "The store for files does not answer. Try again in a moment."
    assert api(ada).get(made["url"], status=503)["detail"] == said
    assert upload(ada, b"stones", status=503)["detail"] == said
    assert said in browser(ada).get(made["url"], status=503).text


def test_what_was_typed_is_kept_when_the_store_is_away(browser, ada, upload, in_bucket):
    in_bucket(files_url=AWAY)
    sent = {"title": "Loose", "body": "See:", "files": [(io.BytesIO(b"stones"), "log.txt")]}
    page = browser(ada).post(ISSUES, sent, status=503)
    assert page.says("choose log.txt again")
    assert (page.fields["title"], page.fields["body"]) == ("Loose", "See:")


def test_a_file_is_deleted_though_the_store_is_away_by_then(api, ada, upload, bucket, monkeypatch):
    """The sweep takes what is left of it."""
    made = upload(ada, b"stones")
    at = replace(bucket.at, endpoint="http://127.0.0.1:9")
    monkeypatch.setattr(Bucket, "delete", lambda _, keys: Bucket(at, "cairn", "secret").size_of(keys[0]))
    api(ada).send("DELETE", f"/attachments/{made['id']}", status=204)
    assert len(in_bucket_keys(bucket)) == 1


def test_a_picture_of_a_person_lies_there_too(api, ada, upload, bucket):
    sent = {"file": (io.BytesIO(picture()), "me.png")}
    url = api(ada).send("POST", "/auth/me/avatar", data=sent, status=200).json["avatar_url"]
    assert api(ada).send("GET", url, status=200).mimetype == "image/webp"
    api(ada).send("DELETE", "/auth/me/avatar")
    assert in_bucket_keys(bucket) == []


def test_files_that_nothing_has_go_into_the_buckets_trash(app, ada, upload, bucket, monkeypatch):
    monkeypatch.setattr("webapp.attachments.storage.GRACE", -5)
    upload(ada, b"stones")
    bucket.write(f"ab/{'c' * 30}", iter([b"nobody's"]))
    bucket.write("ab/by-hand", iter([b"somebody's"]))
    said = app.test_cli_runner().invoke(args=["clean-files"])
    assert said.output == "1 files put into the trash.\n"
    [day] = bucket.folders("trash")
    with app.app_context():
        assert day == str(db.session.scalar(db.text("SELECT current_date")))
    assert [one.key for one in bucket.lying("ab")] == ["ab/by-hand"]


def test_a_check_tells_of_a_bucket_that_cannot_be_reached(app, api, in_bucket):
    in_bucket(files_url=AWAY)
    told = app.test_cli_runner().invoke(args=["check"])
    assert told.exit_code == 1
    assert "error (files): The bucket s3://cairn at http://127.0.0.1:9 cannot be used: " in told.output
    assert "cannot be used" in api().get("/readyz")["files"]


def test_a_bucket_of_another_database_is_left_alone(app, api, ada, upload, bucket):
    bucket.claim("another", anew=True)
    upload(ada, b"stones", status=503)
    assert "Check DATABASE_URL and FILES_URL" in api().get("/readyz")["files"]
    assert app.test_cli_runner().invoke(args=["claim-files"]).exit_code == 0
    upload(ada, b"stones")
