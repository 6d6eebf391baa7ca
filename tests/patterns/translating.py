"""Patterns of Python as JavaScript writes them, from the tree that Python itself reads them to."""

import re
from collections.abc import Iterable
from re import _parser
from typing import Any

_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d", "CATEGORY_NOT_DIGIT": r"\D", "CATEGORY_SPACE": r"\s", "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w\u{c0}-\u{1fff}", "CATEGORY_NOT_WORD": r"\W",
}  # fmt: skip
_PLACES = {
    "AT_BEGINNING": "^", "AT_BEGINNING_STRING": r"(?<![\s\S])", "AT_END": "$", "AT_END_STRING": r"(?![\s\S])",
    "AT_BOUNDARY": r"\b", "AT_NON_BOUNDARY": r"\B",
}  # fmt: skip
_LOOKS = {("ASSERT", 1): "?=", ("ASSERT", -1): "?<=", ("ASSERT_NOT", 1): "?!", ("ASSERT_NOT", -1): "?<!"}
_REPEATS = {"MAX_REPEAT": "", "MIN_REPEAT": "?", "POSSESSIVE_REPEAT": ""}


def translated(pattern: re.Pattern[Any]) -> str:
    """The source of the same pattern in JavaScript, for its flag u.

    What gives nothing back (`*+`, `(?>…)`) is written as what does, which takes longer at most. KeyError for what
    JavaScript has not.
    """
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    return _sequence(_parser.parse(source, flags), bool(pattern.flags & re.DOTALL))


def _sequence(items: Iterable[Any], dotall: bool) -> str:
    return "".join(_one(str(name), what, dotall) for name, what in items)


def _one(name: str, what: Any, dotall: bool) -> str:
    match name:
        case "LITERAL":
            return _sign(what)
        case "NOT_LITERAL":
            return f"[^{_sign(what)}]"
        case "ANY":
            return r"[\s\S]" if dotall else r"[^\n]"
        case "IN":
            return f"[{''.join(_in_set(str(kind), one) for kind, one in what)}]"
        case "AT":
            return _PLACES[str(what)]
        case "GROUPREF":
            return f"(?:\\{what})"
        case _:
            return _group(name, what, dotall)


def _group(name: str, what: Any, dotall: bool) -> str:
    match name:
        case "BRANCH":
            return f"(?:{'|'.join(_sequence(one, dotall) for one in what[1])})"
        case "SUBPATTERN":
            return f"({'' if what[0] else '?:'}{_sequence(what[3], dotall)})"
        case "ATOMIC_GROUP":
            return f"(?:{_sequence(what, dotall)})"
        case "ASSERT" | "ASSERT_NOT":
            return f"({_LOOKS[name, what[0]]}{_sequence(what[1], dotall)})"
        case _:
            least, most, items = what
            times = f"{{{least},{'' if most is _parser.MAXREPEAT else most}}}"
            return f"(?:{_sequence(items, dotall)}){times}{_REPEATS[name]}"


def _in_set(kind: str, what: Any) -> str:
    match kind:
        case "NEGATE":
            return "^"
        case "RANGE":
            return f"{_sign(what[0])}-{_sign(what[1])}"
        case "CATEGORY":
            return _CATEGORIES[str(what)]
        case _:
            return _sign(what)


def _sign(code: int) -> str:
    return chr(code) if chr(code).isascii() and chr(code).isalnum() else f"\\u{{{code:x}}}"
