"""Initials as a picture."""

import re
from xml.etree import ElementTree

import pytest

from webapp.config import ROOT
from webapp.text import pictures


def test_it_is_an_svg_that_can_do_nothing(api, ada):
    response = api(ada).send("GET", api(ada).get(f"/users/{ada.id}")["avatar_url"], status=200)
    assert response.mimetype == "image/svg+xml"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert ">A</text>" in response.text


def test_it_is_kept_until_the_name_changes(api, ada):
    before = api(ada).get(f"/users/{ada.id}")["avatar_url"]
    assert "immutable" in api(ada).send("GET", before).headers["Cache-Control"]
    api(ada).patch("/auth/me", {"name": "Grace"})
    assert api(ada).get(f"/users/{ada.id}")["avatar_url"] != before
    assert "immutable" not in api(ada).send("GET", before).headers["Cache-Control"]


def test_it_is_seen_by_whoever_may_know_the_person(api, ada):
    api().send("GET", f"/users/{ada.id}/avatar.svg", status=401)


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("“Bob” (Robert)", "BR"),
        ("石 田", "石田"),
        ("Ann B. Cole", "AB"),
        ("—", "—"),
    ],
)
def test_initials(name, initials):
    assert pictures.initials(name) == initials


@pytest.mark.parametrize("name", ['<script>"&', "a\u0301 b", "\ufffe", "]]>", "ß", "👩‍🚀 x", " "])
def test_any_name_makes_a_picture_that_can_be_read(name):
    assert ElementTree.fromstring(pictures.drawn(1, name)).tag.endswith("svg")


def test_the_pages_have_the_same_colours():
    tokens = (ROOT / "static/css/tokens.css").read_text()
    assert [hue.lower() for hue in re.findall(r"--hue-\d+: (#\w+)", tokens)] == list(pictures.HUES)


def test_neighbours_differ():
    assert len({pictures.hue(id) for id in range(1, 15)}) == 14
