"""A picture of oneself goes the same safe way as every file."""

import io

import pytest
from PIL import Image

from tests.attachments.pictures import enormous, photograph, picture
from webapp.attachments import service as attachments

URL = "/auth/me/avatar"


def upload(who, data, status=200, name="me.jpg"):
    return who.post(URL, status=status, data={"file": (io.BytesIO(data), name)})


def test_its_middle_is_kept_small_and_says_nothing(api, ada):
    url = upload(api(ada), photograph())["avatar_url"]
    got = api(ada).send("GET", url, status=200)
    small = Image.open(io.BytesIO(got.data))
    assert (small.format, small.size, dict(small.getexif())) == ("WEBP", (128, 128), {})
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_another_one_has_another_address(api, ada):
    first = upload(api(ada), picture())["avatar_url"]
    second = upload(api(ada), picture())["avatar_url"]
    assert first != second
    assert api(ada).get(f"/users/{ada.id}")["avatar_url"] == second


def test_without_one_initials_stand_there_again(api, ada):
    upload(api(ada), picture())
    api(ada).delete(URL)
    assert "/avatar.svg" in api(ada).get(f"/users/{ada.id}")["avatar_url"]
    api(ada).get(f"/users/{ada.id}/avatar", status=404)


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"", enormous(), picture()[:500]])
def test_what_is_no_picture_is_refused(api, ada, data):
    assert upload(api(ada), data, status=422)["errors"][0]["field"] == "file"


def test_a_form_does_the_same(browser, ada):
    assert browser(ada).post(URL, {"file": (io.BytesIO(picture()), "me.png")}).location == "/auth/me"
    page = browser(ada).get(f"/users/{ada.id}")
    assert f'src="/users/{ada.id}/avatar?v=' in page.text
    refused = browser(ada).post(URL, {"file": (io.BytesIO(b"x"), "me.png")}, status=422)
    assert refused.says("File must be a PNG, JPEG, GIF or WebP picture.")
    browser(ada).post(f"{URL}/delete")


def test_it_is_seen_by_whoever_may_know_the_person(api, ada, eve):
    url = upload(api(ada), picture())["avatar_url"]
    api().get(url, status=401)
    api(eve).get(url, status=200 if "name" in api(eve).send("GET", f"/users/{ada.id}").json else 404)


def test_the_sweep_leaves_it(app, api, ada, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update={"cairn_data": tmp_path}))
    monkeypatch.setattr("webapp.attachments.storage.GRACE", -1)
    url = upload(api(ada), picture())["avatar_url"]
    with app.app_context():
        attachments.sweep()
    api(ada).send("GET", url, status=200)
