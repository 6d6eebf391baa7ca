"""No text takes a time that grows faster than its length: every regular expression, judged by recheck, from npm."""

import re
import shutil

import pytest

from tests.patterns.finding import of_python, of_scripts
from tests.patterns.judging import HARMLESS, RECHECK, everything, is_known, suspects
from tests.patterns.translating import translated

needed = pytest.mark.skipif(not (RECHECK.exists() and shutil.which("node")), reason="there is no recheck or node")
# What is only known when it is asked for.
LATER = {
    "webapp/i18n/formats.py": "words of ours, with numbers of nine digits at most",
    "webapp/i18n/retelling.py": "is judged as it is once all has been imported",
    "webapp/text/words.py": "one word, as it is",
    "webapp/types.py": "is judged where it is given",
}


def test_every_pattern_is_found():
    places = [found for found in of_python() if isinstance(found, str)]
    assert {place.partition(":")[0] for place in places} == set(LATER)
    assert len(places) == len(LATER)
    assert len(everything()) > 200
    assert any(source == r"^\d+$" for _, source, _ in of_scripts())


@needed
def test_what_was_not_judged_before_is_safe():
    anew = [(place, pattern) for place, pattern in everything() if not is_known(pattern)]
    found = suspects([*anew, ("control", ("(a+)+$", ""))])
    assert found.pop("control")["kind"] == "exponential"
    assert found == {}, "mend it, or say in HARMLESS why it is harmless; then python -m tests.patterns.judging"


@needed
@pytest.mark.attack
def test_all_of_them_are_safe():
    control = {
        "square": (translated(re.compile(r"\s*\n\s*x")), "u"),
        "cubic": (translated(re.compile(r"^a*(?P<other>[ab])*a*c")), "u"),
    }
    found = suspects([*everything(), *control.items()])
    assert set(control) <= set(found)
    assert {place for place in found if not place.startswith(tuple(HARMLESS))} == set(control)
    assert [begin for begin in HARMLESS if not any(place.startswith(begin) for place in found)] == []
