"""Every regular expression that there is: of the application, of its scripts, and of forms."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests import sources
from tests.patterns.translating import translated
from webapp.config import ROOT
from webapp.i18n import retelling

# What may stand before the slash with which a pattern begins in a script: else it divides.
_SCRIPTED = re.compile(
    r"""(?P<skipped>//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?:[(,=:\[!&|?{};~+]|\breturn|=>)\s*/(?P<source>(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)/(?P<flags>[a-z]*)""",
    re.DOTALL,
)
# Where flags stand among what these functions take.
_FLAGS = {
    "compile": 1,
    "match": 2,
    "fullmatch": 2,
    "search": 2,
    "findall": 2,
    "finditer": 2,
    "split": 3,
    "sub": 4,
    "subn": 4,
}
_ANCHORED = {"match": "^(?:{})", "fullmatch": "^(?:{})$"}


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and by which methods texts are held against it, as far as that is known."""

    place: str
    pattern: re.Pattern[Any]
    uses: frozenset[str] = frozenset({"search"})


def of_python() -> Iterator[Found | str]:
    """What the application compiles; the place alone of what is not known before somebody asks."""
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        module = None
        for call in (node for node in _nodes(path) if isinstance(node, ast.Call)):
            asked = _asked(call)
            if asked:
                module = module or importlib.import_module(
                    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                )
                yield _found(path, call, asked, vars(module))
    for message, pattern in retelling._kept.items():
        yield Found(f"webapp/i18n/retelling.py: {message[:60]}", pattern, frozenset({"fullmatch"}))


@cache
def _nodes(path: Path) -> list[ast.AST]:
    """All of a module that could make a pattern; nothing of the others, which are most."""
    known = any(word in path.read_text() for word in ("re.", "pattern=", "Formed("))
    return list(ast.walk(sources.tree(path))) if known else []


def _asked(call: ast.Call) -> tuple[str, ast.expr, ast.expr | None] | None:
    """The function of `re` that is called, the pattern and its flags; None if it is another call."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    name = ast.unparse(call.func)
    if name.startswith("re.") and (method := name[3:]) in _FLAGS:
        flags = call.args[_FLAGS[method]] if len(call.args) > _FLAGS[method] else keywords.get("flags")
        return method, call.args[0], flags
    if name == "Formed":
        return "fullmatch", call.args[0], None
    return ("search", keywords["pattern"], None) if "pattern" in keywords and name.endswith("Field") else None


def _found(
    path: Path, call: ast.Call, asked: tuple[str, ast.expr, ast.expr | None], known: dict[str, Any]
) -> Found | str:
    method, source, flags = asked
    place = f"{path.relative_to(ROOT)}: {ast.unparse(source)[:60]}"
    try:
        text = eval(ast.unparse(source), dict(known))
        pattern = re.compile(text, eval(ast.unparse(flags), dict(known)) if flags else 0)
    except NameError:
        return place
    uses = _uses(path, call) if method == "compile" else {method}
    return Found(place, pattern, frozenset(uses or {"search"}))


def _uses(path: Path, call: ast.Call) -> set[str]:
    """The methods that a module calls of what it compiled, by the name it gave to that; nothing if others use it."""
    names = (name for node in _nodes(path) if isinstance(node, ast.Assign) for name in _named(node, call))
    name = next(names, "")
    if not name.startswith("_"):
        return set()
    called = [
        node.attr for node in _nodes(path) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == name
    ]
    return set(called) if len(called) == _met(path, name) else set()


def _met(path: Path, name: str) -> int:
    """How often a module reads this name."""
    names = [node for node in _nodes(path) if isinstance(node, ast.Name) and node.id == name]
    return sum(isinstance(node.ctx, ast.Load) for node in names)


def _named(node: ast.Assign, call: ast.Call) -> Iterator[str]:
    """The name that an assignment gives to the pattern, also where it gives names to several."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=True))
    else:
        pairs = [(target, value)]
    yield from (one.id for one, made in pairs if made is call and isinstance(one, ast.Name))


def of_scripts() -> Iterator[tuple[str, str, str]]:
    """The place, source and flags of each pattern that is written out in a script."""
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        for match in _SCRIPTED.finditer(path.read_text()):
            if match["source"]:
                yield f"{path.relative_to(ROOT)}: {match['source'][:60]}", match["source"], match["flags"]


def of_forms() -> Iterator[tuple[str, str, str]]:
    """The same of each `pattern` of an input. A browser holds the whole value against it."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for source in re.findall(r'\bpattern="([^"]+)"', path.read_text()):
            yield f"{path.relative_to(ROOT)}: {source[:60]}", f"^(?:{source})$", "u"


def in_script(found: Found) -> tuple[str, str]:
    """The source and flags of a pattern as JavaScript has it."""
    source = translated(found.pattern)
    if len(found.uses) == 1:
        source = _ANCHORED.get(next(iter(found.uses)), "{}").replace("{}", source)
    flags = "u" + "i" * bool(found.pattern.flags & re.IGNORECASE) + "m" * bool(found.pattern.flags & re.MULTILINE)
    return source, flags
