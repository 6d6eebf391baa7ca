"""What is told to people who read the sources is true of them: the map, the names, the links."""

import re

import pytest

from tests import contract
from webapp.config import ROOT

TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
PATH = re.compile(r"`((?:bench|bin|deploy|docs|migrations|static|templates|tests|webapp)/[\w./-]*)")
FILE = re.compile(r"`([\w./-]+\.(?:py|sql|txt|html|css))")
LINK = re.compile(r"\]\((?!https?:|/)([^)#\s]+)")
ROW = re.compile(r"^\| (`/.*?`) \| ([A-Z,; ]+) \|", re.MULTILINE)
ROOMS = re.compile(r"^```rooms\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Names that stand for any of their kind, and what is fetched or made later.
ANY = {"migrations/versions/0038_what_it_is.py"}
# The history speaks of what was there.
NOW = [text for text in TEXTS if text.name != "CHANGELOG.md"]


def test_the_picture_of_the_rooms_is_the_contract():
    """From the roof down, as one looks at a house."""
    (picture,) = ROOMS.findall((ROOT / "docs" / "development.md").read_text())
    floors = [
        {name for line in floor.splitlines() for name in line.partition("  ")[0].split()}
        for floor in picture.split("-----\n")
    ]
    assert floors == [set(floor.split()) for floor in reversed(contract.FLOORS)]


@pytest.mark.parametrize("text", NOW, ids=lambda text: text.name)
def test_what_is_named_is_there(text):
    named = set(PATH.findall(text.read_text())) - ANY
    assert not [one for one in sorted(named) if not (ROOT / one).exists()]


@pytest.mark.parametrize(
    "text", [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "development.md"], ids=lambda one: one.name
)
def test_files_that_are_named_in_short_are_there(text):
    """As `issues/holding.py`, or `rows.py` for one of many."""
    there = [
        f"/{path.relative_to(ROOT)}"
        for home in ("webapp", "tests", "migrations")
        for path in (ROOT / home).rglob("*.*")
    ]
    named = {one for one in FILE.findall(text.read_text()) if not (ROOT / one).exists()} - ANY
    assert not [one for one in sorted(named) if not any(path.endswith(f"/{one}") for path in there)]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_links_lead_somewhere(text):
    named = LINK.findall(text.read_text())
    assert not [one for one in named if not (text.parent / one).exists()]


def test_the_words_of_the_glossary_are_those_of_the_code():
    """After a renaming the old word explains nothing."""
    words = (ROOT / "docs" / "development.md").read_text().partition("## Words\n")[2].partition("\n## ")[0]
    told = {word for row in re.findall(r"^\| (.*?) \|", words, re.MULTILINE) for word in re.findall(r"`(\w+)`", row)}
    code = " ".join(path.read_text() for path in contract.FILES)
    assert len(told) > 30
    assert not [word for word in sorted(told) if not re.search(rf"\b{word}\b", code)]


def test_the_table_of_addresses_is_whole(app):
    """Each address of the API document, with its methods; what a query adds to one is no other address."""
    told: dict[str, set[str]] = {}
    for addresses, methods in ROW.findall((ROOT / "docs" / "api.md").read_text()):
        each = [re.split(", ", some) for some in methods.split("; ")]
        for place, address in enumerate(re.findall(r"`([^`?]+)[^`]*`", addresses)):
            told.setdefault(plain(address), set()).update(each[min(place, len(each) - 1)])
    paths = app.test_client().get("/openapi.json").json["paths"]
    assert told == {plain(path): {method.upper() for method in methods} for path, methods in paths.items()}


def plain(address):
    return re.sub(r"<[^>]+>|\{[^}]+\}", "*", address)
