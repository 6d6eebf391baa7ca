"""No function has more ways through it than ten, as radon counts them: with each `and`, `or` and comprehension."""

from pathlib import Path

from radon.complexity import cc_visit
from radon.visitors import Function

from tests import sources
from webapp.config import ROOT

MOST = 10
FILES = [path for top in ("webapp", "bench", "migrations", "tests") for path in sorted((ROOT / top).rglob("*.py"))]


def tangled(path: Path) -> set[str]:
    # A test may assert as much as it likes.
    blocks = cc_visit(path.read_text(), no_assert=path.is_relative_to(ROOT / "tests"))
    functions = [one for one in blocks if isinstance(one, Function)]
    return {one.fullname for one in functions if one.complexity > MOST}


def test_a_function_can_be_followed():
    assert sources.faults(FILES, tangled) == {}
