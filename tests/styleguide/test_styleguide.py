"""The guide shows every part of which pages are made, and is for those who develop."""

import pytest
from jinja2 import nodes

from tests.test_templates import FOLDER
from webapp.config import Settings

COMPONENTS = sorted(path.name for path in (FOLDER / "components").glob("*.html"))
# Those that are no macros, but drawn by a name that all templates have; one is no part of what is seen.
DRAWN = {
    "_feelings.html": "feelings", "_icon.html": "icon", "_initials.html": "initials", "_known.html": "data-face",
    "_label.html": "label", "_named.html": "named", "_reactions.html": "reactions", "_visibility.html": "with-icon muted small",
    "_when.html": "<time",
}  # fmt: skip
UNSEEN = {"_shared.html"}
# What shows nothing until there is news of the page: tests/browser/test_live_news.py looks at it. And what is a part of
# another one.
QUIET = {"live_news", "_tool"}


@pytest.fixture(scope="module")
def trees(migrated):
    return {path: migrated.jinja_env.parse(path.read_text()) for path in FOLDER.glob("*/*.html")}


@pytest.fixture(scope="module")
def called(trees):
    """The macros of components that the guide calls: by itself, or by others that it calls."""
    parts = [tree for path, tree in trees.items() if path.parent.name == "components"]
    macros = {macro.name: macro for tree in parts for macro in tree.find_all(nodes.Macro)}
    found, more = set(), called_in(trees, "styleguide")
    while more:
        found |= more
        more = set().union(*(calls(macros[name]) for name in more & macros.keys())) - found
    return found


def called_in(trees, room):
    return set().union(*(calls(tree) for path, tree in trees.items() if path.parent.name == room))


def calls(tree):
    """What is called in a template or a macro, by the name that it has where it is made."""
    others = {
        name[1]: name[0] for node in tree.find_all(nodes.FromImport) for name in node.names if isinstance(name, tuple)
    }
    named = [node.node.name for node in tree.find_all(nodes.Call) if isinstance(node.node, nodes.Name)]
    return {others.get(name, name) for name in named}


@pytest.mark.parametrize("name", [name for name in COMPONENTS if not name.startswith("_")])
def test_every_macro_is_shown(trees, called, name):
    tree = trees[FOLDER / "components" / name]
    assert {macro.name for macro in tree.find_all(nodes.Macro)} - called - QUIET == set()


def test_what_is_drawn_without_a_macro_is_shown(browser):
    page = browser().get("/styleguide").text
    assert {name for name in COMPONENTS if name.startswith("_")} == DRAWN.keys() | UNSEEN
    assert [name for name, mark in DRAWN.items() if mark not in page] == []


def test_every_icon_is_shown(browser):
    sprite = (FOLDER.parent / "static/icons.svg").read_text()
    page = browser().get("/styleguide").text
    assert [name for name in sprite.split('<symbol id="')[1:] if f"#{name.partition(chr(34))[0]}" not in page] == []


def test_its_forms_change_nothing(browser):
    here = browser()
    assert here.get(here.post("/styleguide", {"title": "x"}).location).says("Nothing was changed: this is a sample.")


def test_production_has_none(app, browser, monkeypatch):
    monkeypatch.setattr(Settings, "is_production", True)
    browser().get("/styleguide", status=404)


@pytest.mark.parametrize("part", ['<li id="card-2"', 'class="issues inbox"', '<div class="picker">'])
def test_what_lies_in_a_room_of_its_own_is_shown(browser, part):
    assert part in browser().get("/styleguide").text
