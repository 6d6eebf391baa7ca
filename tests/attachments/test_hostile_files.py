"""Nothing that is uploaded can execute, whatever it is and whatever it is called."""

import io

import pytest
from PIL import Image

from tests.attachments.conftest import URL
from tests.attachments.pictures import enormous, photograph, picture, with_further_pictures
from tests.clients import HTML
from webapp.attachments.names import cleaned

SCRIPT = b"<script>alert(1)</script>"
HOSTILE = {
    "a.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>",
    "a.html": b"<!doctype html>" + SCRIPT,
    "a.png": b"<html>" + SCRIPT,
    "a.jpg": b"\xff\xd8\xff\xe0" + SCRIPT,
    "a.gif": b"GIF89a/*" + SCRIPT,
    "a.xml": b'<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT + b"</x>",
    "a.js": b"alert(1)",
    "a.pdf": b"%PDF-1.7 /OpenAction << /S /JavaScript >>",
    "a.svg.png": b"<svg/>",
    "noname": SCRIPT,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_only_ever_downloaded(api, browser, ada, upload, name):
    made = upload(ada, HOSTILE[name], name)
    for got in (api(ada).send("GET", made["url"], status=200), browser(ada).client.get(made["url"], headers=HTML)):
        assert got.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert got.mimetype == ("application/pdf" if name == "a.pdf" else "application/octet-stream")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert got.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert got.headers["Cache-Control"] == "private, no-cache"
    assert made["thumbnail_url"] is None
    api(ada).get(f"/attachments/thumbnails/{made['id']}", status=404)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_shown_but_in_a_sandbox(api, ada, upload, kind):
    made = upload(ada, picture(kind), f"shot.{kind.lower()}")
    got = api(ada).send("GET", made["url"], status=200)
    assert got.mimetype == made["media_type"] == f"image/{kind.lower()}"
    assert got.headers["Content-Disposition"].startswith("inline")
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    small = Image.open(io.BytesIO(api(ada).send("GET", made["thumbnail_url"], status=200).data))
    assert (small.format, small.size) == ("WEBP", (480, 360))


def test_a_picture_with_a_script_behind_it_is_a_picture(api, ada, upload):
    made = upload(ada, picture() + SCRIPT, "shot.html")
    got = api(ada).send("GET", made["url"], status=200)
    assert got.mimetype == "image/png"
    assert SCRIPT not in got.data


def test_a_small_picture_is_its_own_thumbnail(api, ada, upload):
    made = upload(ada, picture(size=(40, 30)), "dot.png")
    assert api(ada).send("GET", made["thumbnail_url"], status=200).data == api(ada).send("GET", made["url"]).data


def test_a_picture_that_would_fill_the_memory_is_a_plain_download(api, ada, upload):
    made = upload(ada, enormous(), "bomb.png")
    assert (made["media_type"], made["width"]) == ("application/octet-stream", None)


def test_half_a_picture_is_a_plain_download(ada, upload):
    data = picture()
    assert upload(ada, data[: len(data) // 2], "half.png")["media_type"] == "application/octet-stream"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_does_not_tell_where_it_was_taken(api, ada, upload, kind):
    data = photograph(kind)
    assert b"in the garden" in data
    made = upload(ada, data, "photo")
    got = api(ada).send("GET", made["url"]).data
    small = api(ada).send("GET", made["thumbnail_url"]).data
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(got))
    assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()
    for one in (got, small):
        assert b"in the garden" not in one
        assert not Image.open(io.BytesIO(one)).getexif().get_ifd(0x8825)


def test_a_photograph_with_another_one_behind_it_is_one_and_tells_no_more(api, ada, upload):
    data = with_further_pictures()
    assert Image.open(io.BytesIO(data)).format == "MPO"
    made = upload(ada, data, "photo.jpg")
    got = api(ada).send("GET", made["url"]).data
    assert (made["media_type"], made["width"], made["height"]) == ("image/jpeg", 640, 480)
    assert b"in the garden" not in got
    assert Image.open(io.BytesIO(got)).format == "JPEG"
    api(ada).post("/auth/me/avatar", data={"file": (io.BytesIO(data), "me.jpg")}, status=200)


def test_a_photograph_stays_upright(api, ada, upload):
    made = upload(ada, photograph(orientation=6), "photo.jpg")
    assert (made["width"], made["height"]) == (480, 640)
    small = Image.open(io.BytesIO(api(ada).send("GET", made["thumbnail_url"]).data))
    assert small.size == (480, 640)
    assert Image.open(io.BytesIO(api(ada).send("GET", made["url"]).data)).getexif()[0x0112] == 6


def test_a_picture_without_metadata_comes_down_byte_for_byte(api, ada, upload):
    for kind in ("PNG", "GIF", "WEBP"):
        data = picture(kind)
        assert api(ada).send("GET", upload(ada, data, "x")["url"]).data == data


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\eve\\a.txt", "a.txt"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\x00\x07", "file"),
        ("..", "file"),
        ("", "file"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
        ("ä\ud800.txt", "ä.txt"),
        ("  two   words ", "two words"),
    ],
)
def test_a_name_is_made_harmless(name, told):
    assert cleaned(name) == told


def test_a_name_survives_in_any_language(api, ada, upload):
    made = upload(ada, b"stones", "Mauer 'alt' № 1; 石.txt")
    told = api(ada).send("GET", made["url"], status=200).headers["Content-Disposition"]
    assert "filename*=UTF-8''Mauer%20%27alt%27%20%E2%84%96%201%3B%20%E7%9F%B3.txt" in told


def test_a_file_beyond_the_limit_is_refused_in_both_tongues(
    app, api, browser, ada, make, project, upload, monkeypatch
):
    monkeypatch.setattr("webapp.attachments.storage.MIB", 1000)  # the limit is 25 of them
    assert upload(ada, b"x" * 25_000)["size"] == 25_000
    refused = upload(ada, b"x" * 25_001, "big.iso", status=413)
    assert refused["detail"] == "A file may have 25 MiB."
    assert api(ada).post(URL, status=413, data={"file": (io.BytesIO(b"x" * 90_000), "a")})["status"] == 413
    page = browser(ada).post(URL, {"file": (io.BytesIO(b"x" * 90_000), "a")}, status=413)
    assert page.says("What you sent is too large.")


def test_of_nobody_in_particular_nothing_is_read(api, project):
    api().post(URL, status=401, data={"file": (io.BytesIO(b"x" * 2_000_000), "a")})


def test_a_body_without_files_keeps_its_limit(api, ada, project):
    api(ada).send("POST", URL, status=413, data=b"x" * 2_000_000, content_type="application/json")
    api(ada).send("POST", "/projects/WALL/issues", status=413, data=b"x" * 2_000_000, content_type="application/json")
