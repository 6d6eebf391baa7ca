"""Words that name an issue or a person: `#12`, `KEY-12`, `@ada`, and the address of an issue of this site.

The text alone does not tell whether such a word leads anywhere. `find` says which there are; `render` makes
links of those that somebody has looked up.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MOST = 200
# The addresses of this site as they may stand in a text; said when the application is made.
sites: frozenset[str] = frozenset()

_ISSUE = r"[A-Z][A-Z0-9]{1,9}-[1-9][0-9]{0,17}"
_WORD = re.compile(
    rf"(?<![\w#&/.@-])(?:#[1-9][0-9]{{0,17}}|{_ISSUE})(?![\w-]|\.\d)|(?<![\w/.@+-])@[A-Za-z0-9][A-Za-z0-9_-]{{0,38}}(?![\w@])"
)
_ADDRESS = re.compile(
    r"(https?://[^/\s]+)/projects/([A-Za-z][A-Za-z0-9]{1,9})/issues/([1-9][0-9]{0,17})(?:#c([1-9][0-9]{0,17}))?"
)
_CLOSING = re.compile(r"\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?):?\s+$", re.IGNORECASE)
_CODE = re.compile(r"^(```+|~~~+).*?(?:^\1|\Z)|(`+)[^`].*?\2", re.DOTALL | re.MULTILINE)


@dataclass(slots=True)
class Found:
    """What a text names, as it is typed there; `closing` are those that it says it fixes."""

    said: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)

    def add(self, said: str, before: str) -> None:
        """Note a word once; `before` is the text that leads up to it."""
        if said not in self.said:
            if len(self.said) >= MOST:
                return
            self.said.append(said)
        if _CLOSING.search(before[-20:]) and said not in self.closing:
            self.closing.append(said)


def address(said: str) -> tuple[str, int, int | None] | None:
    """(key, number, comment) of the address of an issue of this site."""
    match = _ADDRESS.fullmatch(said)
    if match is None or match[1].lower() not in sites:
        return None
    return match[2].upper(), int(match[3]), int(match[4]) if match[4] else None


def quick(source: str) -> list[str]:
    """What a text names, read without parsing it: for archives of many thousand texts."""
    if "#" not in source and "@" not in source and "-" not in source:
        return []
    words = (match[0] for match in _WORD.finditer(_CODE.sub(" ", source)))
    return list(dict.fromkeys(words))[:MOST]


def refer(state: StateCore) -> None:
    """The parser's rule: gather what is named, or link what was looked up, as the environment asks for it."""
    found: Found | None = state.env.get("found")
    links: Mapping[str, tuple[str, str]] = state.env.get("named") or {}
    if found is None and not links:
        return
    for token in state.tokens:
        if token.type == "inline" and token.children:
            if found is not None:
                _gather(token.children, found)
            else:
                token.children = list(_linked(token.children, links))


def _gather(tokens: list[Token], found: Found) -> None:
    depth, before = 0, ""
    for token in tokens:
        if token.type == "link_open":
            depth += 1
            if _ADDRESS.fullmatch(href := str(token.attrGet("href") or "")):
                found.add(href, before)
        elif token.type == "link_close":
            depth -= 1
        elif token.type == "text" and not depth:
            for match in _WORD.finditer(token.content):
                found.add(match[0], before + token.content[: match.start()])
        before = token.content if token.type == "text" else " "


def _linked(tokens: list[Token], links: Mapping[str, tuple[str, str]]) -> Iterator[Token]:
    """The same tokens with links to what was looked up; an address that stands for itself gets its key as words."""
    depth, told = 0, ""
    for token in tokens:
        if token.type == "link_open":
            depth += 1
            if (link := links.get(str(token.attrGet("href") or ""))) is not None:
                token.attrs["href"] = link[0]
                told = link[1] if token.markup in ("linkify", "autolink") else ""
        elif token.type == "link_close":
            depth, told = depth - 1, ""
        elif token.type == "text" and told:
            token.content, told = told, ""
        elif token.type == "text" and not depth:
            yield from _parts(token, links)
            continue
        yield token


def _parts(token: Token, links: Mapping[str, tuple[str, str]]) -> Iterator[Token]:
    end = 0
    for match in _WORD.finditer(token.content):
        if (link := links.get(match[0])) is None:
            continue
        if match.start() > end:
            yield Token("text", "", 0, content=token.content[end : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": link[0], "class": "reference"})
        yield Token("text", "", 0, content=match[0])
        yield Token("link_close", "a", -1)
        end = match.end()
    if end < len(token.content):
        yield Token("text", "", 0, content=token.content[end:])
