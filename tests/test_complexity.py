"""No function has more ways through it than ten, as radon counts them: with each `and`, `or` and comprehension."""

from pathlib import Path

import pytest
from radon.complexity import cc_visit
from radon.visitors import Function

from webapp.config import ROOT

MOST = 10
FILES = [path for top in ("webapp", "bench", "migrations", "tests") for path in sorted((ROOT / top).rglob("*.py"))]


def tangled(path: Path) -> set[str]:
    # A test may assert as much as it likes.
    blocks = cc_visit(path.read_text(), no_assert=path.is_relative_to(ROOT / "tests"))
    functions = [one for one in blocks if isinstance(one, Function)]
    return {f"{path.relative_to(ROOT)} {one.fullname}" for one in functions if one.complexity > MOST}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_can_be_followed(path):
    assert tangled(path) == set()
