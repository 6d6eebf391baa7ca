"""Each fault has its row in docs/faults.md, and each test that a row names is there."""

import re

import pytest

from tests.docs.naming import is_there, named_in, tells_of_a_test
from webapp.config import ROOT

TEXT = (ROOT / "docs" / "faults.md").read_text()
ROWS = dict(re.findall(r"^\| (R\d+) \| (.+)$", TEXT, re.MULTILINE))
NAMED = named_in(TEXT)
BROKEN = sorted((ROOT / "tests" / "faults").glob("test_*.py"))


def test_each_fault_has_its_row():
    assert list(ROWS) == [f"R{number}" for number in range(1, 39)]


@pytest.mark.parametrize("row", ROWS)
def test_a_row_names_a_test_or_says_that_there_is_none(row):
    assert tells_of_a_test(ROWS[row])


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_what_is_named_is_there(file, name):
    assert is_there(file, name)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.name)
def test_each_test_that_breaks_something_is_named(file):
    made = re.findall(r"^def (test_\w+)\(", file.read_text(), re.MULTILINE)
    assert made
    assert not [name for name in made if (f"tests/faults/{file.name}", name) not in NAMED]
