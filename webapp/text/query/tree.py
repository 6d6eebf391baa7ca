"""A query as a tree, and what can be wrong with its text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from webapp.i18n import _, formats

# What means more than itself where it stands for a name without quotation marks: none, any, somebody, an id.
_MEANS_MORE = re.compile(r"(?:none|[*]|[@#].*)\Z", re.DOTALL)


class Unreadable(ValueError):
    """A text is no query: `at` is the character where that shows, `nearest` the words that may have been meant."""

    def __init__(self, at: int, why: str, nearest: Iterable[str] = ()) -> None:
        self.at, self.why, self.nearest = at, why, tuple(nearest)
        told = _("Character %(place)s: %(problem)s", place=at + 1, problem=why)
        if self.nearest:
            told += " " + _("Did you mean %(words)s?", words=formats.one_of(self.nearest))
        super().__init__(told)


@dataclass(frozen=True, slots=True)
class Value:
    """What a term asks for: a text, alone or behind a comparison, or a range when `upto` is set.

    `is_name` says that it only names something, although the same text means more without its quotation marks.
    """

    text: str
    sign: str = ""
    upto: str | None = None
    at: int = field(default=0, compare=False)
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Words to be found in the text; of several, only side by side."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A field with the values that it may have; modifiers narrow it further."""

    name: str
    values: tuple[Value, ...]
    modifiers: tuple["Term", ...] = ()
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    node: "Node"


@dataclass(frozen=True, slots=True)
class All:
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    nodes: tuple["Node", ...]


Node = Words | Term | Not | All | Either

EVERYTHING = All(())


def called(name: str, sign: str = "", at: int = 0) -> Value:
    """What is called so, whatever else the text may mean: what quotation marks say."""
    return Value(name, sign, at=at, is_name=_MEANS_MORE.match(name) is not None)


def parts(node: Node) -> tuple[Node, ...]:
    """What must hold altogether: the nodes that stand side by side at the top."""
    return node.nodes if isinstance(node, All) else (node,)


def together(nodes: Iterable[Node]) -> Node:
    """The tree that asks for all of these."""
    kept = tuple(nodes)
    return kept[0] if len(kept) == 1 else All(kept)


def nearest(word: str, words: Iterable[str]) -> list[str]:
    """The words that somebody may have meant who said another."""
    return get_close_matches(word, list(words), n=3, cutoff=0.6)
