"""Cairn as an application of its own, and what others see where the address of a page is shared."""

import json
import re
import struct
from html import unescape

import pytest

from tests.clients import HTML
from webapp.config import ROOT
from webapp.home.installing import BAR, CANVAS

MANIFEST = "/manifest.webmanifest"


@pytest.fixture
def manifest(app):
    answer = app.test_client().get(MANIFEST)
    assert answer.mimetype == "application/manifest+json"
    assert "public" in answer.headers["Cache-Control"]
    return json.loads(answer.text)


def test_whatever_a_manifest_names_is_there(app, manifest, browser, ada):
    client = app.test_client()
    for icon in manifest["icons"]:
        drawn = client.get(icon["src"])
        assert drawn.mimetype == icon["type"]
        assert struct.unpack(">II", drawn.data[16:24]) == tuple(map(int, icon["sizes"].split("x")))
    for at in (manifest["start_url"], manifest["share_target"]["action"], *(s["url"] for s in manifest["shortcuts"])):
        browser(ada).get(at)


def test_every_page_names_it_and_may_load_it(browser, ada):
    page = browser(ada).client.get("/", headers=HTML)
    assert f'<link rel="manifest" href="{MANIFEST}">' in page.text
    assert "manifest-src 'self'" in page.headers["Content-Security-Policy"]


def test_colours_are_those_of_the_style_sheet(browser, ada):
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text()
    light, dark = re.findall(
        r'theme-color" media="\(prefers-color-scheme: \w+\)" content="(.*?)"', browser(ada).get("/").text
    )
    assert f"--surface: light-dark({light}, {dark})" in tokens
    assert light == BAR
    assert f"--canvas: light-dark({CANVAS}," in tokens


def test_a_chosen_theme_has_its_own_colour(browser, ada):
    someone = browser(ada)
    someone.post("/appearance", {"theme": "dark"})
    assert re.findall(r'<meta name="theme-color"(.*?)>', someone.get("/").text) == [' content="#1E1C19"']


def test_what_is_shared_begins_a_new_issue(browser, ada, make):
    make.project(ada, key="WALL")
    given = {"title": "A  stone", "text": "Seen at\nthe gate", "url": "https://example.com/stone"}
    form = browser(ada).get("/issues/new", query_string=given, follow_redirects=True)
    assert form.title.startswith("New issue")
    assert form.fields["title"] == "A stone"
    assert form.fields["body"].split("\n") == ["Seen at", "the gate", "", "https://example.com/stone"]


def test_an_address_that_the_text_has_is_not_said_twice(browser, ada, make):
    make.project(ada, key="WALL")
    given = {"text": "Look: https://example.com/stone", "url": "https://example.com/stone"}
    form = browser(ada).get("/issues/new", query_string=given, follow_redirects=True)
    assert form.fields["body"] == given["text"]


def test_with_several_projects_it_asks_in_which(api, browser, ada, eve, make):
    """One's own come first; where nobody may open one, none is offered."""
    make.project(eve, key="BYSTANDER", name="A", visibility="public")
    make.project(eve, key="HIDDEN", name="B")
    make.project(ada, key="WALL", name="Wall")
    make.project(ada, key="OLD", name="Old")
    api(ada).post("/projects/OLD/archive", status=200)
    assert [one["key"] for one in api(ada).get("/issues/new")["items"]] == ["WALL", "BYSTANDER"]
    page = browser(ada).get("/issues/new?title=Loose")
    assert "/projects/WALL/issues/new?title=Loose" in unescape(page.text)
    assert 'href="/projects/WALL/issues/new"' in browser(ada).get("/issues/new").text


def test_somebody_who_logs_in_first_loses_nothing(app):
    answer = app.test_client().get("/issues/new?title=Loose%20stone", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert "Loose" in answer.headers["Location"]


def test_a_new_issue_is_one_key_away_on_every_page(browser, ada, make):
    assert 'href="/issues/new" data-key="c"' in browser(ada).get("/").text
    assert 'data-key="c"' not in browser().get("/projects").text


@pytest.mark.parametrize("visibility", ["private", "internal", "public"])
def test_only_public_issues_tell_what_they_are_to_others(app, api, browser, ada, make, visibility):
    make.project(ada, key="WALL", visibility=visibility)
    api(ada).post("/projects/WALL/issues", {"title": 'A "loose" stone', "body": "It **fell**."})
    assert "og:" not in browser(ada).get("/projects/WALL/issues/1").text
    if visibility != "public":
        return
    told = dict(
        re.findall(r'<meta property="og:(\w+)" content="(.*?)">', browser().get("/projects/WALL/issues/1").text)
    )
    site = app.config["SETTINGS"].address
    assert unescape(told["title"]) == 'A "loose" stone · WALL-1'
    assert told["description"] == "It fell."
    assert told["url"] == f"{site}/projects/WALL/issues/1"
    assert app.test_client().get(told["image"].removeprefix(site)).mimetype == "image/png"
