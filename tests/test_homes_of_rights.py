"""The rules of who may what have one home each; whoever writes one of them again elsewhere is found here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from webapp.config import ROOT

WEBAPP = ROOT / "webapp"
FILES = sorted(WEBAPP.rglob("*.py"))
NAMES = [str(path.relative_to(WEBAPP)) for path in FILES]
# The right itself, the same for statements, whether an event may name an issue to who sees another project, and what
# the column can be.
OF_VISIBILITY = {"access.py", "projects/sight.py", "issues/linking.py", "models/projects.py"}
_BY_HAND = re.compile(r"\bvisibility\s*(<>|!=|=|IN\b|IS\b)")
# Who looks or acts as an administrator, asked without `require_administrator`, and why that is right there.
AS_ADMINISTRATOR = {
    "access.py": "the right itself",
    "projects/sight.py": "the kind of eyes that a statement looks with",
    "profiles/repository.py": "what is read of people",
    "deliveries/service.py": "what is read of who was told what",
    "mail/nearness.py": "what is read of mails that lie in a folder",
    "jobs/service.py": "the statements that change something ask it again",
}


def compared(path: Path) -> Iterator[str]:
    """Where a module compares who can see a project, in Python, with SQLAlchemy or in a statement."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Compare):
            sides = [one for side in (node.left, *node.comparators) for one in ast.walk(side)]
            if any(isinstance(one, ast.Attribute) and one.attr == "visibility" for one in sides):
                yield ast.unparse(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (found.group() for found in _BY_HAND.finditer(node.value))


def asked_of(path: Path) -> Iterator[str]:
    """Where a module asks who looks, or acts, whether they are an administrator."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("by.is_admin", "viewer.is_admin"):
            yield ast.unparse(node)


@pytest.mark.parametrize("name", NAMES)
def test_who_sees_a_project_is_said_in_one_place(name):
    """`visible_to` of one person, `seen_by_each` of several, `can` of a project that was read."""
    if name not in OF_VISIBILITY:
        assert list(compared(WEBAPP / name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_who_is_an_administrator_is_asked_by_its_right(name):
    """A bare look at `is_admin` is not asked again before the commit: `require_administrator` is."""
    if name not in AS_ADMINISTRATOR:
        assert list(asked_of(WEBAPP / name)) == []


def transactions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and any(
            ast.unparse(one) in ("transaction", "apart") for one in node.decorator_list
        ):
            yield node


@pytest.mark.parametrize("name", sorted(AS_ADMINISTRATOR))
def test_no_transaction_rests_on_a_bare_look(name):
    within = [f.name for f in transactions(WEBAPP / name) if re.search(r"\b(by|viewer)\.is_admin\b", ast.unparse(f))]
    assert within == []


def test_what_is_listed_here_still_asks():
    assert {name for name in AS_ADMINISTRATOR if not list(asked_of(WEBAPP / name))} == set()
    assert {name for name in OF_VISIBILITY if not list(compared(WEBAPP / name))} == set()
