"""A tree written as a query's text again."""

import re

from webapp.text.query.tree import All, Either, Node, Not, Term, Value, Words, called

_PLAIN_WORD = re.compile(r"[^\s()\":<>-][^\s()\":]*\Z")
# As it is read without quotation marks: brackets are a part of it where they close in it.
_PLAIN_VALUE = re.compile(r"[^\s,()\"<>=:/][^\s,()\"]*(?:\([^\s()\"]*\)[^\s,()\"]*)*\Z")


def write(node: Node) -> str:
    """The shortest text that is read as this tree."""
    match node:
        case Words():
            return node.text if _is_plain(node.text) else _quoted(node.text)
        case Term():
            values = ",".join(_value(value) for value in node.values)
            return " ".join([f"{node.name}:{values}", *map(write, node.modifiers)])
        case Not():
            return f"-{_within(node.node, Not, All, Either)}"
        case All():
            return " ".join(_within(one, All, Either) for one in node.nodes)
        case Either():
            return " OR ".join(_within(one, Either) for one in node.nodes)


def name(text: str) -> str:
    """A name as it is written in a query: in quotation marks where it needs them."""
    return _value(called(text))


def choice(value: Value) -> str:
    """A plain value as a field of a form holds it: only what would be read otherwise is in quotation marks."""
    return _quoted(value.text) if value.is_name or value.text.startswith('"') else value.text


def _within(node: Node, *bracketed: type[Node]) -> str:
    """A part of a tree: in brackets if it is of a kind that would fall apart there."""
    return f"({write(node)})" if isinstance(node, bracketed) else write(node)


def _value(value: Value) -> str:
    if value.upto is not None:
        return f"{value.text}..{value.upto}"
    is_range = not value.sign and ".." in value.text  # behind a comparison two dots are only dots
    plain = not value.is_name and _PLAIN_VALUE.match(value.text) and not is_range
    return value.sign + (value.text if plain else _quoted(value.text))


def _is_plain(text: str) -> bool:
    return bool(_PLAIN_WORD.match(text)) and text not in ("OR", "AND")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
