"""Running text: what stands neither in code nor in a link, where words may become links."""

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

_APART = frozenset({"link_open", "link_close", "code_open", "code_close"})

# What a place becomes, or nothing if it stays as it is; the number of its characters that are taken.
Made = tuple[list[Token], int] | None


def replaced(
    tokens: Sequence[Token], pattern: re.Pattern[str], make: Callable[[re.Match[str]], Made]
) -> Iterator[Token]:
    """The tokens of a line with other tokens for what the pattern finds in running text."""
    depth = 0
    for token in tokens:
        if token.type in _APART:
            depth += token.nesting
        if token.type == "text" and not depth:
            yield from _parts(token, pattern, make)
        else:
            yield token


def link(href: str, words: Sequence[Token], **attrs: str | int | float) -> list[Token]:
    """The tokens of a link."""
    opening = Token("link_open", "a", 1, attrs={"href": href, **attrs}, markup="linkify", info="auto")
    return [opening, *words, Token("link_close", "a", -1, markup="linkify", info="auto")]


def _parts(token: Token, pattern: re.Pattern[str], make: Callable[[re.Match[str]], Made]) -> Iterator[Token]:
    text, end = token.content, 0
    for match in pattern.finditer(text):
        made = make(match) if match.start() >= end else None
        if made is None:
            continue
        if match.start() > end:
            yield Token("text", "", 0, content=text[end : match.start()])
        yield from made[0]
        end = match.start() + made[1]
    if end == 0:
        yield token
    elif end < len(text):
        yield Token("text", "", 0, content=text[end:])
