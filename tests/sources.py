"""The sources of Cairn, as tests read them: each is read and parsed once for a run."""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from webapp.config import ROOT


@cache
def tree(path: Path) -> ast.Module:
    """What stands in a module. Nobody changes it: all who read it have the same one."""
    return ast.parse(path.read_text())


@cache
def called(path: Path) -> frozenset[str]:
    """What a module calls, as it writes it: `datetime.now`."""
    return frozenset(ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


@cache
def imported(path: Path) -> frozenset[str]:
    """The names that a module imports from elsewhere, whole: `webapp.db.transaction`."""
    nodes = list(ast.walk(tree(path)))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    taken = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return frozenset(modules | {f"{node.module}.{alias.name}" for node in taken for alias in node.names})


@cache
def functions(path: Path) -> tuple[ast.FunctionDef, ...]:
    """All functions of a module, methods and those within others too."""
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def faults(paths: Iterable[Path], find: Callable[[Path], Any]) -> dict[str, Any]:
    """What a check finds wrong, by the file. One test of all files takes a hundredth of the time of a test for each."""
    return {str(path.relative_to(ROOT)): found for path in paths if (found := find(path))}
