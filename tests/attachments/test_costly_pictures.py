"""A picture costs what it has in pixels, not in bytes: nobody pays for one that is enormous, nor waits for many."""

import io
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice

import pytest
from PIL import Image, ImageFile

from tests.attachments.conftest import URL
from tests.attachments.pictures import picture
from webapp.attachments import pictures, storage
from webapp.db import is_changing

ISSUES = "/projects/WALL/issues"
AVATAR = "/auth/me/avatar"


def blank(kind="PNG", size=(6_300, 6_300), mode="1", **options):
    """A picture of few bytes and many pixels."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def of_many_scans(number):
    """A progressive picture that goes over its pixels again and again."""
    data = blank("JPEG", (800, 600), "RGB", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * number + data[-2:]


@pytest.fixture
def decoded(monkeypatch):
    """The sizes of the pictures that are decoded from here on."""
    sizes = []
    real = ImageFile.ImageFile.load

    def noting(self):
        if getattr(self, "tile", None):
            sizes.append(self.size)
        return real(self)

    monkeypatch.setattr(ImageFile.ImageFile, "load", noting)
    return sizes


@pytest.mark.parametrize(
    "data",
    [
        blank(),
        blank("GIF", (4_001, 4_000), "P"),
        blank("JPEG", (4_001, 4_000), "RGB", progressive=True),
        blank("JPEG", (6_400, 6_400), "L"),
        of_many_scans(60),
    ],
    ids=["PNG", "GIF", "progressive", "40 megapixels", "scans"],
)
def test_what_costs_too_much_is_kept_but_never_decoded(api, ada, upload, decoded, data):
    made = upload(ada, data, "a.png")
    assert (made["width"], made["thumbnail_url"]) == (None, None)
    assert api(ada).send("GET", made["url"], status=200).data == data
    api(ada).post(AVATAR, data={"file": (io.BytesIO(data), "me.png")}, status=422)
    assert decoded == []


@pytest.mark.parametrize(
    ("kind", "size", "options"),
    [
        ("JPEG", (9_000, 5_600), {}),
        ("JPEG", (12_000, 9_000), {}),
        ("JPEG", (5_000, 4_000), {"progressive": True}),
        ("PNG", (6_300, 6_300), {}),
    ],
    ids=["50 megapixels", "108 megapixels", "progressive", "PNG"],
)
def test_what_costs_too_much_does_not_tell_where_it_was_taken(api, ada, upload, decoded, kind, size, options):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "in the garden"
    data = blank(kind, size, "L", exif=exif.tobytes(), **options)
    assert b"in the garden" in data
    made = upload(ada, data, "photo")
    got = api(ada).send("GET", made["url"], status=200).data
    assert b"in the garden" not in got
    assert (made["width"], made["size"], decoded) == (None, len(got), [])
    with Image.open(io.BytesIO(got)) as image:
        assert image.size == size
        assert kind == "PNG" or image.getexif()[0x0112] == 6


@pytest.mark.parametrize("size", [(8_000, 5_000), (5_000, 8_000), (16_000, 2_500)])
def test_a_photograph_is_decoded_small(upload, ada, decoded, size):
    made = upload(ada, blank("JPEG", size, "L"), "a.jpg")
    assert (made["width"], made["height"]) == size
    assert max(width * height for width, height in decoded) <= 2_500_000


def test_while_a_picture_is_read_others_are_refused_and_files_are_not(api, ada, upload, monkeypatch):
    monkeypatch.setattr(pictures.gate, "patience", 0.01)
    with pictures.gate.busy:
        refused = upload(ada, picture(), "shot.png", status=503)
        assert "Other pictures" in refused["detail"]
        upload(ada, b"stones")
        got = api(ada).send("POST", AVATAR, data={"file": (io.BytesIO(picture()), "me.png")}, status=503)
        assert int(got.headers["Retry-After"]) >= 1
    upload(ada, picture(), "shot.png")


def test_of_many_at_once_one_waits(tmp_path, monkeypatch):
    """Threads that wait are threads that answer nobody."""
    monkeypatch.setattr(pictures.gate, "patience", 60)
    path = tmp_path / "shot.png"
    path.write_bytes(picture())
    with ThreadPoolExecutor(5) as threads:
        with pictures.gate.turn():
            asked = [threads.submit(pictures.looked_at, path) for _ in range(5)]
            refused = list(islice(as_completed(asked), 4))
        [read] = set(asked) - set(refused)
        assert all("Other pictures" in str(one.exception()) for one in refused)
        assert read.result().width == 640


def test_a_form_that_is_refused_for_its_pictures_keeps_what_was_typed(browser, api, ada, project, monkeypatch):
    monkeypatch.setattr(pictures.gate, "patience", 0.01)
    sent = [(io.BytesIO(b"stones"), "log.txt"), (io.BytesIO(picture()), "shot.png")]
    with pictures.gate.busy:
        page = browser(ada).post(ISSUES, {"title": "Loose", "body": "See:", "files": sent}, status=503)
    assert page.response.headers["Retry-After"]
    assert page.says("Files were not all taken: choose shot.png again")
    assert page.fields["title"] == "Loose"
    assert page.fields["body"].startswith("See:\n\n[log.txt](/attachments/")


def test_while_a_file_is_stored_no_transaction_is_open(api, ada, project, folder, monkeypatch):
    """Neither is one that an Idempotency-Key asks for: what is spent on the upload is written apart."""
    open_ones, real = [], storage.keep

    def noting(stream):
        open_ones.append(is_changing())
        return real(stream)

    monkeypatch.setattr(storage, "keep", noting)
    sent = {"file": (io.BytesIO(picture()), "shot.png")}
    api(ada, **{"Idempotency-Key": "a-picture"}).post(URL, data=sent)
    assert open_ones == [False]
