"""Answers are compressed for whom can read that; what every page asks for, as well as can be."""

import gzip

import brotli
import pytest
from backports import zstd
from flask_compress import flask_compress

from tests.clients import HTML

READ = {"zstd": zstd.decompress, "br": brotli.decompress, "gzip": gzip.decompress}
BROWSER = "gzip, deflate, br, zstd"
FILES = ["app.css", "app.js", "icons.svg"]  # what every page asks for


@pytest.fixture
def packed(monkeypatch):
    """The algorithms that were used from here on."""
    used, pack = [], flask_compress._compress_data
    monkeypatch.setattr(
        flask_compress, "_compress_data", lambda app, data, how: used.append(how) or pack(app, data, how)
    )
    return used


def get(app, url, accepts, **headers):
    sent = headers if accepts is None else {"Accept-Encoding": accepts, **headers}
    return app.test_client(use_cookies=False).get(url, headers=sent)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("accepts", "how"),
    [
        (BROWSER, "br"), ("gzip, zstd", "zstd"), ("gzip", "gzip"), ("zstd;q=0, gzip", "gzip"), ("br;q=0.5, gzip", "gzip"),
        ("*", "br"), ("identity", None), ("deflate", None), (None, None),
    ],
)  # fmt: skip
def test_what_every_page_asks_for_is_packed_as_the_browser_likes(app, name, accepts, how):
    url = app.config["ASSETS"] + name
    plain, answer = get(app, url, None), get(app, url, accepts)
    assert answer.headers.get("Content-Encoding") == how
    assert READ.get(how, bytes)(answer.data) == plain.data
    assert answer.headers["Content-Length"] == str(len(answer.data))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in answer.vary


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_the_same_for_everybody_and_is_not_sent_again(app, name):
    url, tags = app.config["ASSETS"] + name, set()
    for accepts in (BROWSER, "gzip", None):
        answer = get(app, url, accepts, Cookie="cairn=someone", Accept="*/*")
        assert answer.headers["Vary"] == "Accept-Encoding"
        tags.add(answer.headers["ETag"])
        again = get(app, url, accepts, **{"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Cache-Control"] == answer.headers["Cache-Control"]
        assert again.headers["Vary"] == "Accept-Encoding"
    assert len(tags) == 3, "what is packed another way is another answer"


@pytest.mark.parametrize(("accepts", "most"), [(BROWSER, 34), ("gzip, zstd", 38), ("gzip", 40)])
def test_what_every_page_needs_is_small(app, accepts, most):
    sizes = [len(get(app, app.config["ASSETS"] + name, accepts).data) for name in FILES]
    assert sum(sizes) < most * 1024


def test_what_may_change_is_packed_each_time(app, packed):
    for _ in range(3):
        assert get(app, "/auth/login", BROWSER, **HTML).headers["Content-Encoding"] == "zstd"
    assert packed == ["zstd"] * 3


def test_who_takes_no_packed_answer_is_told_that_others_do(app, packed):
    answer = get(app, "/auth/login", None, **HTML)
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.vary
    assert packed == []


@pytest.mark.parametrize("accepts", [None, "gzip", BROWSER])
@pytest.mark.parametrize(("condition", "status"), [("its own", 304), ('"x"', 200), ("*", 304), (None, 200)])
def test_a_condition_is_heard_packed_or_not(api, ada, app, accepts, condition, status):
    api(ada).post("/projects", {"name": "Wall", "key": "WALL", "description": "stone upon stone " * 40})
    headers = {} if accepts is None else {"Accept-Encoding": accepts}
    tag = api(ada, **headers).send("GET", "/projects/WALL").headers["ETag"]
    asked = (
        headers if condition is None else {**headers, "If-None-Match": tag if condition == "its own" else condition}
    )
    answer = api(ada, **asked).send("GET", "/projects/WALL", status=status)
    if condition != "*":  # which is heard before anything is packed
        assert answer.headers["ETag"] == tag
    assert ":" in tag or accepts is None
    assert bool(answer.data) == (status == 200)
