"""No function has more ways through it than ten, as radon counts them: with each `and`, `or` and comprehension."""

from pathlib import Path

import pytest
from radon.complexity import cc_visit
from radon.visitors import Function

from webapp.config import ROOT

MOST = 10
FILES = [path for top in ("webapp", "bench", "migrations", "tests") for path in sorted((ROOT / top).rglob("*.py"))]
# Those that have more today. What is mended leaves the list, so that it can only get shorter.
KNOWN = {
    "webapp/editing/left.py left",
    "webapp/editing/moving.py _tie",
    "webapp/editing/returning.py _take_back",
    "webapp/editing/rewording.py write",
    "webapp/events/doings.py LeftBehind.words",
    "webapp/events/happening.py Happening.__init_subclass__",
    "webapp/issues/ticking.py after",
    "webapp/lists/conditions/__init__.py condition",
    "webapp/lists/conditions/named.py names",
    "webapp/lists/page.py _in_words",
    "webapp/lists/service.py text_of",
    "tests/events/proving.py _compared",
    "tests/events/proving.py done",
    "tests/events/test_guards.py problems",
    "tests/test_architecture.py inputs_made",
}


def tangled(path: Path) -> set[str]:
    # A test may assert as much as it likes.
    blocks = cc_visit(path.read_text(), no_assert=path.is_relative_to(ROOT / "tests"))
    functions = [one for one in blocks if isinstance(one, Function)]
    return {f"{path.relative_to(ROOT)} {one.fullname}" for one in functions if one.complexity > MOST}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_can_be_followed(path):
    known = {one for one in KNOWN if one.startswith(f"{path.relative_to(ROOT)} ")}
    assert tangled(path) == known


def test_what_is_known_is_there():
    assert [one for one in sorted(KNOWN) if not (ROOT / one.split()[0]).exists()] == []
