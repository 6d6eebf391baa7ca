"""Nothing is left over: whatever a module has at its top is used by itself, by another module, or by what runs it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from tests import contract, sources
from webapp.config import ROOT
from webapp.http import services

# What stands outside `webapp`, but is part of what runs.
BESIDE = [*ROOT.glob("*.py"), *(ROOT / "migrations").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
# Names by which others call a module as a whole, or one that is handed in to `http/` (webapp/http/services.py).
CALLED = {"bp", "init_app", "__all__", *dir(services.Drafts), *dir(services.Files)}
# What is offered to rooms that do not use it yet.
OFFERED = {"webapp.jobs.service.enqueue"}


def dotted(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def tops(tree: ast.Module) -> Iterator[str]:
    """What a module has at its top."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not is_kept(node):
            yield node.name
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def is_kept(node: ast.ClassDef | ast.FunctionDef) -> bool:
    """A decorator hands a function to whoever keeps it, and a table is kept by its base."""
    if isinstance(node, ast.FunctionDef):
        return bool(node.decorator_list)
    return [ast.unparse(base) for base in node.bases] == ["Model"]


def named(tree: ast.Module) -> set[str]:
    """What a module reads by its own name, also in a string: an annotation, or what is looked up by its name."""
    nodes = list(ast.walk(tree))
    said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = [str(node.value) for node in nodes if isinstance(node, ast.Constant) and id(node) not in said]
    return {node.id for node in nodes if is_read(node)} | {
        word for text in texts for word in re.findall(r"\w+", text)
    }


def is_read(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def imported(path: Path, tree: ast.Module) -> dict[str, str]:
    """What a module imports, whole, by the name that it has there."""
    folder = dotted(path.parent / "x.py").removesuffix(".x").split(".")
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) - node.level + 1] if node.level else []
            start = ".".join([*base, *filter(None, [node.module])])
            names |= {one.asname or one.name: f"{start}.{one.name}" for one in node.names}
    return names


def taken(path: Path, tree: ast.Module) -> Iterator[str]:
    """What a module takes from others, whole: by importing it, or as an attribute of one that it imports."""
    names = imported(path, tree)
    yield from names.values()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield f"{names[node.value.id]}.{node.attr}"


def test_whatever_a_module_has_is_used():
    used = {name for path in [*contract.FILES, *BESIDE] for name in taken(path, sources.tree(path))}

    def left(path: Path) -> set[str]:
        tree, module = sources.tree(path), dotted(path)
        return {f"{module}.{one}" for one in set(tops(tree)) - named(tree) - CALLED} - used - OFFERED

    assert sources.faults(contract.FILES, left) == {}
