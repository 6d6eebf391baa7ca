"""The rules of who may what have one home each; whoever writes one of them again elsewhere is found here."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests import sources
from webapp.config import ROOT

WEBAPP = ROOT / "webapp"
# The right itself, the same for statements, whether an event may name an issue to who sees another project, and what
# the column can be; and whether it still is what it was when somebody was let in.
OF_VISIBILITY = {"access.py", "projects/sight.py", "issues/linking.py", "models/projects.py", "projects/holding.py"}
_BY_HAND = re.compile(r"\bvisibility\s*(<>|!=|=|IN\b|IS\b)")
# Who looks or acts as an administrator, asked without `require_administrator`, and why that is right there.
AS_ADMINISTRATOR = {
    "access.py": "the right itself",
    "projects/sight.py": "the kind of eyes that a statement looks with",
    "projects/holding.py": "whether they still are what they were when they were let in",
    "profiles/repository.py": "what is read of people",
    "deliveries/service.py": "what is read of who was told what",
    "mail/nearness.py": "what is read of mails that lie in a folder",
    "http/limits.py": "whether they may clear up after others without a limit",
    "http/streaming.py": "whether their eyes see all for as long as something is sent",
    "factors/service.py": "whether the installation asks them for a second factor",
}


def compared(path: Path) -> Iterator[str]:
    """Where a module compares who can see a project, in Python, with SQLAlchemy or in a statement."""
    for node in ast.walk(sources.tree(path)):
        if isinstance(node, ast.Compare) and reads_visibility(node):
            yield ast.unparse(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (by_hand.group() for by_hand in _BY_HAND.finditer(node.value))


def reads_visibility(node: ast.Compare) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr == "visibility" for one in ast.walk(node))


def asked(path: Path) -> Iterator[str]:
    """Where a module asks who looks, or acts, whether they are an administrator."""
    for node in ast.walk(sources.tree(path)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("by.is_admin", "viewer.is_admin"):
            yield ast.unparse(node)


def asked_in_transactions(path: Path) -> Iterator[str]:
    """The functions that do so in a transaction of their own."""
    for function in sources.functions(path):
        marks = {ast.unparse(one) for one in function.decorator_list}
        if marks & {"transaction", "apart"} and re.search(r"\b(by|viewer)\.is_admin\b", ast.unparse(function)):
            yield function.name


def found(look: Callable[[Path], Iterator[str]]) -> dict[str, list[str]]:
    """What is found, by the module."""
    each = {str(path.relative_to(WEBAPP)): list(look(path)) for path in sorted(WEBAPP.rglob("*.py"))}
    return {name: those for name, those in each.items() if those}


def test_who_sees_a_project_is_said_in_one_place():
    """`visible_to` of one person, `seen_by_each` of several, `can` of a project that was read."""
    assert found(compared).keys() == OF_VISIBILITY


def test_who_is_an_administrator_is_asked_by_its_right():
    """A bare look at `is_admin` is not asked again before the commit: `require_administrator` is."""
    assert found(asked).keys() == AS_ADMINISTRATOR.keys()


def test_no_transaction_rests_on_a_bare_look():
    assert found(asked_in_transactions) == {}
