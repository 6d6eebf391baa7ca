"""Tests that a document names."""

import re

from webapp.config import ROOT


def named_in(text: str) -> list[tuple[str, str]]:
    """By file and function; a file alone has none."""
    return sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`", text)))


def is_there(file: str, name: str) -> bool:
    path = ROOT / file
    return path.is_file() and (not name or f"def {name}(" in path.read_text())


def tells_of_a_test(row: str) -> bool:
    """Whether it names one, or says that there is none."""
    return re.search(r"`tests/|no test", row) is not None
