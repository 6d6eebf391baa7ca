"""The catalogues say all that is said, and nothing else."""

import re
from functools import cache

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from webapp.config import ROOT
from webapp.i18n import catalogues, languages

WRITTEN = sorted(path.stem for path in catalogues.FOLDER.glob("*.po"))
_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
_TAG = re.compile(r"</?[a-z]+")


@cache
def said():
    """All that is said: with its context, if it has one."""
    with (catalogues.FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, "nN_": (1, 2), "pN_": ((1, "c"), 2)}
    found = extract_from_dir(ROOT, methods, options, keywords, directory_filter=_is_ours)
    return {(context, message) for _, _, message, _, context in found}


def _is_ours(folder):
    return not folder.startswith(".") and folder.rpartition("/")[2] not in ("node_modules", ".venv", "tests")


@cache
def catalogue(code):
    with catalogues.path_of(code).open("rb") as file:
        return [one for one in read_po(file, code) if one.id]


def forms(text):
    return [text] if isinstance(text, str) else list(text)


@pytest.mark.parametrize("code", WRITTEN)
def test_a_catalogue_has_what_is_said_and_nothing_else(code):
    """If not: `bin/translate` brings them up to date."""
    assert {(one.context, one.id) for one in catalogue(code)} == said()


@pytest.mark.parametrize("code", WRITTEN)
def test_what_is_translated_has_the_same_placeholders_and_tags(code):
    for one in catalogue(code):
        most = forms(one.id)[-1]
        for form in filter(None, forms(one.string)):
            wanted, there = (set(_PLACEHOLDER.findall(text)) for text in (most, form))
            assert there == wanted or (len(forms(one.id)) > 1 and there < wanted), form
            assert sorted(_TAG.findall(form)) == sorted(_TAG.findall(most)), form


def test_languages_are_offered_once_their_catalogues_are_complete():
    complete = {code for code in WRITTEN if all(all(forms(one.string)) and not one.fuzzy for one in catalogue(code))}
    assert set(languages.COMPLETE) <= complete
    assert set(WRITTEN) <= languages.LANGUAGES.keys()
