"""Gunicorn, in which a password costs next to nothing.

At its real cost it would be most of what servers do in tests: a quarter of a second of a core for whoever registers, and
again for each login. Run by its path, as a checkout elsewhere may be served; all else is as it is delivered.
"""

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

from gunicorn.app.wsgiapp import run

PASSWORDS, CHEAP = "webapp.auth.passwords", 4


class Cheap(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        module.COST = CHEAP  # type: ignore[attr-defined]


class Finder(MetaPathFinder):
    """Finds the one module, whenever it is loaded: a reload (HUP) loads it again."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path) if name == PASSWORDS else None
        if spec and spec.origin:
            spec.loader = Cheap(name, spec.origin)
        return spec


if __name__ == "__main__":
    sys.path[0] = os.getcwd()  # as `python -m gunicorn` has it
    sys.meta_path.insert(0, Finder())
    run(prog="gunicorn")
