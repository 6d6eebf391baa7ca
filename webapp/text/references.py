"""Words that name an issue or a person: `#12`, `KEY-12`, `@ada`, and the address of an issue of this site.

The text alone does not tell whether such a word leads anywhere. `find` says which there are; `render` makes
links of those that somebody has looked up.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from webapp.text import closing
from webapp.text.closing import LEAD, NAME, OPAQUE
from webapp.text.verbatim import without_code

MOST = 200
# The addresses of this site as they may stand in a text; said when the application is made.
sites: frozenset[str] = frozenset()

# Letters that a word goes on with. Others need no blank: Chinese and Thai write none, and nobody else's alphabet can
# be part of a handle or a key.
_LATIN = r"\d_A-Za-zªºÀ-ÖØ-öø-ʯ\u0300-\u036FḀ-ỿⱠ-Ɀ꜠-ꟿꬰ-ꭤ"
# A full stop before a name ends an address or a number, but for what it ends in Russian: `см.#2`.
_BEFORE = rf"(?<![{_LATIN}/@-])(?:(?<!\.)|(?<=[^\x00-\x7F{_LATIN}]\.))"
_ISSUE = r"[A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,17}"
_WORD = re.compile(
    rf"{_BEFORE}(?:(?<![#&])(?:#[1-9][0-9]{{0,17}}|{_ISSUE})(?![{_LATIN}-]|\.\d)"
    rf"|(?<!\+)@[A-Za-z0-9][A-Za-z0-9_-]{{0,38}}(?![{_LATIN}@-]))"
)
# What the letters before it, in whatever script, make part of an address: `用户@example.com`, `/вики/страница#2`.
_DOMAIN, _PATH = re.compile(r"[\w-]*\.\w"), re.compile(r"(?:\A|\s)(?:~|\.{0,2})/\S*\Z|\w:[/\\]\S*\Z|\bwww\.\S*\Z")
_NEAR = 120
# Wide signs, letters and digits, as East Asian keyboards write them.
_NARROW = {ord(wide): ord(wide) - 0xFEE0 for wide in "＃＠－＿"}
_NARROW |= {at + 0xFEE0: at for at in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))}
_NARROW |= {ord("﹟"): ord("#"), ord("﹫"): ord("@")}
_ADDRESS = re.compile(
    r"(https?://[^/\s]+)/projects/([A-Za-z][A-Za-z0-9]{1,9})/issues/([1-9][0-9]{0,17})(?:#c([1-9][0-9]{0,17}))?"
)
_SIGNS, _ESCAPED = re.compile("[-#@＃＠－﹟﹫]"), frozenset("#@-:")
# In these nothing is named.
_APART = frozenset({"link_open", "link_close", "code_open", "code_close"})
_SIGN = re.compile(f"[{NAME}{OPAQUE}]")


@dataclass(slots=True)
class References:
    """What a text names, as it is typed there; `closing` are those that it says it fixes."""

    names: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Note a word once."""
        if name not in self.names and len(self.names) < MOST:
            self.names.append(name)

    def close(self, name: str) -> None:
        """Note once that a word names what is done."""
        if name in self.names and name not in self.closing:
            self.closing.append(name)


def address(url: str) -> tuple[str, int, int | None] | None:
    """(key, number, comment) of the address of an issue of this site."""
    match = _ADDRESS.fullmatch(url)
    if match is None or match[1].lower() not in sites:
        return None
    return match[2].upper(), int(match[3]), int(match[4]) if match[4] else None


def quick(source: str) -> list[str]:
    """What a text names, read without parsing it: for archives of many thousand texts."""
    if not _SIGNS.search(source):
        return []
    return list(dict.fromkeys(name for _, _, name in _named(without_code(source))))[:MOST]


def keep_escaped(state: StateCore) -> None:
    """The parser's rule: what was escaped is no sign, so it must not be joined with the text around it yet."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text_special" and child.content in _ESCAPED:
                child.type = "escaped"


def refer(state: StateCore) -> None:
    """The parser's rule: gather what is named, or link what was looked up, as the environment asks for it."""
    references: References | None = state.env.get("gathered")
    links: Mapping[str, tuple[str, str]] = state.env.get("named") or {}
    if references is not None:
        _gather(state.tokens, references)
    for token in state.tokens:
        if token.type == "inline" and token.children:
            if links:
                token.children = list(_linked(token.children, links))
            for child in token.children:
                if child.type == "escaped":
                    child.type = "text"


def _named(text: str) -> Iterator[tuple[int, int, str]]:
    """Each word of a text that may name something: where it begins and ends, and as it is looked up."""
    if not text.isascii():
        text = text.translate(_NARROW)
    for match in _WORD.finditer(text):
        begin, end = match.span()
        if begin and not text[begin - 1].isascii() and text[begin - 1].isalnum():
            if match[0][0] == "@" and _DOMAIN.match(text, end):
                continue
            if _PATH.search(text[max(0, begin - _NEAR) : begin]):
                continue
        yield begin, end, match[0]


@dataclass(slots=True)
class _Context:
    """Where in a text a line stands, and whether what led up to it says that the issues listed there are done."""

    quotes: int = 0
    lists: list[bool] = field(default_factory=list)
    items: list[bool] = field(default_factory=list)
    leads: bool = False
    begins_item: bool = False

    def pass_by(self, token: Token) -> None:
        """Go on over a token that is no line."""
        if token.type in ("blockquote_open", "blockquote_close"):
            self.quotes += token.nesting
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            self.lists.append(self.leads)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif token.type == "list_item_open":
            # A task that is not done yet is a plan.
            self.items.append(token.meta.get("checked") is not False)
            self.begins_item = True
        elif token.type == "list_item_close":
            self.items.pop()
        if token.type not in ("paragraph_close", "heading_close"):
            self.leads = False

    def read(self, line: str) -> Iterator[int]:
        """Which of the names of a line that stands here are said to be done."""
        if self.begins_item and self.lists and self.lists[-1]:
            line = LEAD + line
        self.begins_item = False
        if not self.quotes and all(self.items):
            self.leads = closing.leads(line)
            yield from closing.closed(line)


def _gather(tokens: list[Token], references: References) -> None:
    context = _Context()
    for token in tokens:
        if token.type == "inline":
            names = _Line(references)
            names.read(token.children or [])
            for at in context.read("".join(names.text)):
                references.close(names.names[at])
        else:
            context.pass_by(token)


@dataclass(slots=True)
class _Line:
    """A line as closing words are looked for in it: its names in the order of their signs."""

    references: References
    text: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def read(self, tokens: list[Token]) -> None:
        """Note what the tokens of a line name. What is struck out stands there no more; code names nothing."""
        depth = dict.fromkeys(("link", "s", "code"), 0)
        for token in tokens:
            kind, _, end = token.type.rpartition("_")
            if end in ("open", "close"):
                if kind in depth:
                    depth[kind] += token.nesting
                if token.type == "link_open":
                    self._link(str(token.attrGet("href") or ""), is_struck=depth["s"] > 0)
            elif token.type in ("text", "escaped"):
                if not depth["link"] and not depth["code"]:
                    self._text(token, is_struck=depth["s"] > 0)
            else:
                self.text.append("\n" if token.type in ("softbreak", "hardbreak") else OPAQUE)

    def _link(self, href: str, *, is_struck: bool) -> None:
        if match := _ADDRESS.fullmatch(href):
            self.references.add(href)
        if match and not match[4] and not is_struck:
            self._name(href)
        else:
            self.text.append(OPAQUE)

    def _text(self, token: Token, *, is_struck: bool) -> None:
        end = 0
        words = _named(token.content) if token.type == "text" else ()
        for begin, after, name in words:
            self.references.add(name)
            if not is_struck:
                self.text.append(_SIGN.sub(" ", token.content[end:begin]))
                self._name(name)
            end = after
        if not is_struck:
            self.text.append(_SIGN.sub(" ", token.content[end:]))

    def _name(self, name: str) -> None:
        self.names.append(name)
        self.text.append(NAME)


def _linked(tokens: list[Token], links: Mapping[str, tuple[str, str]]) -> Iterator[Token]:
    """The same tokens with links to what was looked up; an address that stands for itself gets its key as words."""
    depth, key = 0, ""
    for token in tokens:
        if token.type in _APART:
            depth += token.nesting
        if token.type == "link_open":
            key = _lead(token, links)
        elif token.type == "link_close":
            key = ""
        elif token.type == "text" and key:
            token.content, key = key, ""
        elif token.type == "text" and not depth:
            yield from _parts(token, links)
            continue
        yield token


def _lead(opening: Token, links: Mapping[str, tuple[str, str]]) -> str:
    """Let a link lead to what was looked up; returns the words that it gets instead of its address, if any."""
    link = links.get(str(opening.attrGet("href") or ""))
    if link is None:
        return ""
    opening.attrs["href"] = link[0]
    return link[1] if opening.markup in ("linkify", "autolink") else ""


def _parts(token: Token, links: Mapping[str, tuple[str, str]]) -> Iterator[Token]:
    end = 0
    for begin, after, name in _named(token.content):
        if (link := links.get(name)) is None:
            continue
        if begin > end:
            yield Token("text", "", 0, content=token.content[end:begin])
        yield Token("link_open", "a", 1, attrs={"href": link[0], "class": "reference"})
        yield Token("text", "", 0, content=token.content[begin:after])
        yield Token("link_close", "a", -1)
        end = after
    if end < len(token.content):
        yield Token("text", "", 0, content=token.content[end:])
