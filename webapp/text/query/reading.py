"""The query language: one text that says which issues are meant, read into a tree.

    query    = either
    either   = both {"OR" both}
    both     = one {["AND"] one}
    one      = "-" one | "(" either ")" | term | words
    term     = field ":" value {"," value} {modifier}
    value    = [">=" | "<=" | ">" | "<"] text | text ".." text
    text     = word | '"' name '"'
    words    = word | '"' phrase '"'

A name in quotation marks is nothing but that name: `label:none` asks for none, `label:"none"` for the label that is
called so.

What fields there are, and what their values mean, the caller knows: `webapp/lists/vocabulary.py`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from webapp.i18n import _, formats
from webapp.i18n.formats import count
from webapp.text.query.tree import (
    EVERYTHING,
    All,
    Either,
    Node,
    Not,
    Term,
    Unreadable,
    Value,
    Words,
    called,
    nearest,
)  # fmt: skip

MAX_LENGTH = 1000
MAX_NODES = 100
MAX_DEPTH = 12
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# The names of all fields, and the modifiers that may follow each.
Fields = Mapping[str, tuple[str, ...]]
_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<minus>-(?=[^\s)-]))
    | (?P<field>(?:[A-Za-z][A-Za-z_-]*:)?[A-Za-z][A-Za-z_-]*):(?!//|:)
    | (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<broken>")
    | (?P<word>[^\s()"]+(?:\([^\s()"]*\)[^\s()"]*)*)
    """,
    re.VERBOSE | re.DOTALL,
)
_VALUE = re.compile(
    r"""(?P<sign>>=|<=|>|<)?(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s,"()]+(?:\([^\s()"]*\)[^\s,()"]*)*))""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    values: tuple[Value, ...] = ()


def parse(text: str, fields: Fields) -> Node:
    """The tree of a query. Raises Unreadable."""
    if len(text) > MAX_LENGTH:
        raise Unreadable(MAX_LENGTH, _("A query has at most %(number)s characters.", number=count(MAX_LENGTH)))
    return _parsed(text, tuple(sorted(fields.items())))


@lru_cache(maxsize=512)
def _parsed(text: str, fields: tuple[tuple[str, tuple[str, ...]], ...]) -> Node:
    reader = _Reader(list(_tokens(text, dict(fields))), dict(fields), len(text))
    tree = reader.either(0) if reader.tokens else EVERYTHING
    if reader.next is not None:
        raise Unreadable(reader.next.at, _("This bracket closes nothing."))
    return tree


def _tokens(text: str, fields: Fields) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None, "every character begins one of the tokens"
        kind = match.lastgroup or ""
        if kind == "broken":
            raise Unreadable(at, _("This quotation mark is never closed."))
        if kind == "field":
            token, end = _field(text, match, fields)
        else:
            token, end = _Token(kind, match[0], at), match.end()
        if kind != "space":
            yield token
        at = end


def _field(text: str, match: re.Match[str], fields: Fields) -> tuple[_Token, int]:
    """A field with its values; a word with a colon behind it, as in `Error: gone`, is only a word."""
    name, at, end = match["field"].lower(), match.start(), match.end()
    if ":" in name and name not in fields:  # only some fields have a second name behind the first
        name, _colon, second = name.partition(":")
        end -= len(second) + 1
    known = name in fields
    values, after = _values(text, end)
    if not values:
        if known:
            raise Unreadable(end, _("%(field)s: needs a value, as in %(field)s:something.", field=name))
        return _Token("word", text[at:end], at), end
    if not known:
        why = _(
            "There is no %(field)s: to ask for. To find these very words, put them in quotation marks.", field=name
        )
        raise Unreadable(at, why, [f"{one}:" for one in nearest(name, fields)])
    return _Token("field", name, at, values), after


def _values(text: str, at: int) -> tuple[tuple[Value, ...], int]:
    values: list[Value] = []
    while match := _VALUE.match(text, at):
        values.append(_value(match))
        at = match.end()
        if not text.startswith(",", at):
            break
        at += 1
        if not _VALUE.match(text, at):
            raise Unreadable(at, _("A value is missing behind this comma."))
    return tuple(values), at


def chosen(text: str) -> Value:
    """What a field of a form says: a name in quotation marks, or a text as a whole that may mean more."""
    match = _VALUE.fullmatch(text)
    return _value(match) if match and text.startswith('"') else Value(text)


def _value(match: re.Match[str]) -> Value:
    sign, at = match["sign"] or "", match.start()
    if match["quoted"] is not None:
        return called(ESCAPED.sub(r"\1", match["quoted"]), sign, at)
    start, dots, upto = match["bare"].partition("..")
    return Value(start, sign, upto, at) if dots and not sign else Value(match["bare"], sign, at=at)


class _Reader:
    """Reads tokens by recursive descent, a method for each rule of the grammar."""

    def __init__(self, tokens: list[_Token], fields: Fields, end: int) -> None:
        self.tokens, self.fields, self.end, self.position, self.nodes = tokens, fields, end, 0, 0

    @property
    def next(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def take(self) -> _Token:
        self.position += 1
        return self.tokens[self.position - 1]

    def is_next(self, word: str) -> bool:
        return self.next is not None and self.next.kind == "word" and self.next.text == word

    @property
    def is_joint(self) -> bool:
        """Whether a word follows that joins parts and is none."""
        return self.is_next("OR") or self.is_next("AND")

    def either(self, depth: int) -> Node:
        nodes = [self.both(depth)]
        while self.is_next("OR"):
            self.take()
            nodes.append(self.both(depth))
        return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))

    def both(self, depth: int) -> Node:
        nodes = [self.one(depth)]
        while self.next is not None and self.next.kind != "close" and not self.is_next("OR"):
            if self.is_next("AND"):
                self.take()
            nodes.append(self.one(depth))
        return nodes[0] if len(nodes) == 1 else All(tuple(nodes))

    def one(self, depth: int) -> Node:
        token = self.next
        if token is None or token.kind == "close" or self.is_joint:
            raise Unreadable(token.at if token else self.end, _("Something to look for is missing here."))
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            why = _(
                "A query has at most %(number)s parts, %(depth)s brackets deep.", number=MAX_NODES, depth=MAX_DEPTH
            )
            raise Unreadable(token.at, why)
        self.take()
        if token.kind == "minus":
            return Not(self.one(depth + 1))
        if token.kind == "open":
            return self.bracket(token, depth)
        return self.term(token) if token.kind == "field" else Words(_text_of(token), token.at)

    def bracket(self, opening: _Token, depth: int) -> Node:
        node = self.either(depth + 1)
        if self.next is None:
            raise Unreadable(opening.at, _("This bracket is never closed."))
        self.take()
        return node

    def term(self, token: _Token) -> Term:
        if leaders := [name for name, followers in self.fields.items() if token.text in followers]:
            others = formats.one_of([f"{one}:" for one in leaders])
            raise Unreadable(token.at, _("%(field)s: only follows %(others)s.", field=token.text, others=others))
        modifiers = []
        while self.next is not None and self.next.kind == "field" and self.next.text in self.fields[token.text]:
            follower = self.take()
            modifiers.append(Term(follower.text, follower.values, (), follower.at))
        return Term(token.text, token.values, tuple(modifiers), token.at)


def _text_of(token: _Token) -> str:
    return ESCAPED.sub(r"\1", token.text[1:-1]) if token.kind == "quoted" else token.text
