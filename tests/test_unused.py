"""Nothing is left over: whatever a module has at its top is used by itself, by another module, or by what runs it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import contract
from webapp.config import ROOT
from webapp.http import services

# What stands outside `webapp`, but is part of what runs.
BESIDE = [*ROOT.glob("*.py"), *(ROOT / "migrations").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
# Names by which others call a module as a whole, or one that is handed in to `http/` (webapp/http/services.py).
CALLED = {"bp", "init_app", "__all__", *dir(services.Drafts), *dir(services.Files)}


def dotted(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def tops(tree: ast.Module) -> Iterator[str]:
    """What a module has at its top. A decorator hands a function to whoever keeps it."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) or (isinstance(node, ast.FunctionDef) and not node.decorator_list):
            yield node.name
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def named(tree: ast.Module) -> set[str]:
    """What a module reads by its own name, also in a string: an annotation, or what is looked up by its name."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said]
    return names | {word for text in texts if isinstance(text, str) for word in re.findall(r"\w+", text)}


def taken(path: Path, tree: ast.Module) -> Iterator[str]:
    """What a module takes from others, whole: by importing it, or as an attribute of one that it imports."""
    folder = dotted(path.parent / "x.py").removesuffix(".x").split(".")
    modules: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            modules |= {one.asname or one.name: f"{start}.{one.name}" for one in node.names}
    yield from modules.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield f"{modules[node.value.id]}.{node.attr}"


@pytest.fixture(scope="module")
def used() -> set[str]:
    trees = {path: ast.parse(path.read_text()) for path in [*contract.FILES, *BESIDE]}
    return {name for path, tree in trees.items() for name in taken(path, tree)}


@pytest.mark.parametrize("path", contract.FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_whatever_a_module_has_is_used(path, used):
    tree, module = ast.parse(path.read_text()), dotted(path)
    texts = (ROOT / "gunicorn.conf.py").read_text()
    unused = {one for one in set(tops(tree)) - named(tree) - CALLED if f"{module}.{one}" not in used}
    assert {one for one in unused if f"{module}.{one}" not in texts} == set()
