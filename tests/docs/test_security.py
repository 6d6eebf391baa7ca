"""Each threat has its row in docs/security.md, and each test that a row names is there."""

import re

import pytest

from tests.docs.naming import is_there, named_in, tells_of_a_test
from webapp.config import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text()
ROWS = dict(re.findall(r"^\| ([A-F]\d+) \| (.+)$", TEXT, re.MULTILINE))
EXPECTED = {"A": 25, "B": 5, "C": 9, "D": 12, "E": 2, "F": 10}
NAMED = named_in(TEXT)


def test_each_threat_has_its_row():
    assert list(ROWS) == [f"{letter}{number + 1}" for letter, most in EXPECTED.items() for number in range(most)]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_names_a_test_or_says_that_there_is_none(row):
    assert tells_of_a_test(ROWS[row])


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_what_is_named_is_there(file, name):
    assert is_there(file, name)
