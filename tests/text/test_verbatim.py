"""What of a text is code, found in one walk."""

import time

import pytest

from webapp.text.references import quick
from webapp.text.verbatim import without_code


@pytest.mark.parametrize(
    ("source", "rest"),
    [
        ("see `#1` and #2", "see   and #2"),
        ("``a ` b`` c", "  c"),
        ("` alone #1", "` alone #1"),
        ("a ``` three ``` #1", "a   #1"),
        ("```\n#1\n```\n#2", " \n#2"),
        ("````\n```\n#1\n````\n#2", " \n#2"),
        ("~~~ py\n#1 `\n~~~\n`#2`", " \n "),
        ("```\n#1", " "),
        ("", ""),
    ],
)
def test_a_blank_stands_in_its_place(source, rest):
    assert without_code(source).split() == rest.split()


def spent(text):
    began = time.process_time()
    quick(text)
    return time.process_time() - began


@pytest.mark.parametrize("piece", ["``\n`", "`a``b", "```\n~~~", "~``\0\n`"])
def test_marks_that_nothing_ends_cost_as_much_as_they_are_long(piece):
    short, long = (min(spent("#1 " + piece * times + "x") for _ in range(3)) for times in (8_000, 32_000))
    assert long < 10 * short, "four times the text took more than ten times as long"
