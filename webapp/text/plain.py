"""Plain words of a Markdown text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from markdown_it.token import Token

from webapp.text.markdown import parse, tidy

# An excerpt needs the beginning only; a text may be long.
_READ = 4_000
_SPACES = {"softbreak", "hardbreak"}
# What only says how a text looks: fences and rules, what begins a line, links, and signs around words and cells.
_LINES = re.compile(
    r"^[ \t]*(?:(?:`{3,}|~{3,})[^\n]*|[|:\- \t]{3,}|(?:\#{1,6}|>|[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t])?)", re.M
)
# Nothing is looked for beyond the next sign that begins the same: of thousands, each would be gone through anew.
# Each way begins with a letter of its own, so that all other places of a text are passed over thirty times as fast.
_LINK = r"(?=(?:!\[)?[^\[\]\n]{0,300}\]\()"
_SIGNS = re.compile(
    rf"!\[{_LINK}|\[{_LINK}|\]\((?:[^()\n]|\([^()\n]*+\)){{0,1000}}+\)"
    r"|``*|~~|\|(?=[ \n])|\*(?<!\s\*)\*{0,2}|\*\*{0,2}(?!\s)"
)


def excerpt(source: str, limit: int = 160) -> str:
    """Return one line of plain text, cut at a word; empty where the text says nothing in words."""
    words = _said(source[:_READ])
    if len(words) <= limit:
        return words
    cut = words[: limit - 1]
    # A text without spaces, such as Chinese, is cut where it is.
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > limit // 2 else cut).rstrip(" ,;:.") + "…"


@lru_cache(maxsize=200)
def _said(beginning: str) -> str:
    """What it says in words. Each page of a project tells of its description, which seldom changes."""
    try:
        return " ".join("".join(_words(parse(tidy(beginning)))).split())
    except Exception:
        return " ".join(beginning.split())


def bare(source: str) -> str:
    """A Markdown text without most of its signs. No parser reads it, so many cost little."""
    return _SIGNS.sub("", _LINES.sub("", source))


def _words(tokens: list[Token]) -> Iterator[str]:
    for before, token in pairwise([None, *tokens]):
        if token and token.type == "inline" and not (before and before.type == "alert_title_open"):
            for child in token.children or []:
                if child.type in ("text", "code_inline"):
                    yield child.content
                elif child.type in _SPACES:
                    yield " "
            yield " "
