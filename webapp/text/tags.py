"""The few HTML tags that people use within a line, read as tokens of our own.

The parser knows no HTML (`html=False`), so a tag that is not listed here is shown as it was typed,
and so is one without its partner: `Vec<b>` stays what it says. Attributes are dropped but for the
address and the words of a link or an image, an image's size, and what an abbreviation stands for.
"""

import re
from collections.abc import Mapping
from html import unescape

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

# How deep tags may stand in tags. Browsers and the sanitiser take more; no reader does.
_MAX_DEPTH = 10

_SHOWN_AS = {
    "kbd": "kbd", "sub": "sub", "sup": "sup", "code": "code", "tt": "code", "mark": "mark", "a": "a",
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "small": "small", "span": "span",
    "s": "s", "del": "s", "strike": "s", "u": "ins", "ins": "ins", "q": "q", "samp": "samp", "var": "var",
    "cite": "cite", "dfn": "dfn", "abbr": "abbr", "ruby": "ruby", "rt": "rt", "rp": "rp", "picture": "picture",
}  # fmt: skip
# Those that are nothing without an address, and where they have it.
_LEADING = {"a": "href", "img": "src", "source": "srcset"}
_INLINE = re.compile(rf"<(/?)({'|'.join(_SHOWN_AS)}|br|wbr|img|source)(\s[^<>]*)?/?>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(href|srcset|src|alt|title|media|width|height)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE
)
_SIZE = re.compile(r"([1-9][0-9]{0,3})(?:px)?")
_THEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)


def inline(state: StateInline, silent: bool) -> bool:
    """Read a tag or a comment within a line; `pair` decides later whether the tag counts."""
    if state.src.startswith("<!--", state.pos):
        return _comment(state)
    match = _INLINE.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    name, closing = match[2].lower(), bool(match[1])
    attributes = _attributes(match[3] or "")
    address = _address(state, attributes.get(_LEADING.get(name, ""), ""))
    if name in _LEADING and not closing and not address:
        return False
    state.pos = match.end()
    if not silent:
        _push(state, match[0], name, closing=closing, address=address, attributes=attributes)
    if name == "br" and state.src.startswith("\n", state.pos, state.posMax):
        state.pos += 1
    return True


def pair(state: StateCore) -> None:
    """Make elements of tags that have their partner in the same paragraph, and text of the others."""
    for token in state.tokens:
        if token.type == "inline" and token.children:
            _pair(token.children)


def _comment(state: StateInline) -> bool:
    begin = state.pos + 4
    if state.html_terminator_last("-->") < begin:
        return False
    end = state.src.find("-->", begin, state.posMax)
    if end < 0:
        return False
    state.pos = end + 3
    return True


def _push(
    state: StateInline, raw: str, name: str, *, closing: bool, address: str, attributes: Mapping[str, str]
) -> None:
    if name == "br":
        state.push("hardbreak", "br", 0)
    elif name == "wbr":
        state.push("wbr", "wbr", 0)
    elif name in ("img", "source"):
        _push_image(state, name, address, attributes)
    else:
        token = state.push("tag", "", 0)
        token.content = raw
        token.meta = {"name": name, "closing": closing, "href": address, "title": attributes.get("title", "")}
        if name == "a":
            # No address is made a link within a link.
            state.linkLevel = max(0, state.linkLevel + (-1 if closing else 1))


def _push_image(state: StateInline, name: str, address: str, attributes: Mapping[str, str]) -> None:
    """An image, or with the name `source` the one that stands in its place in light, or in the dark."""
    theme = _THEME.fullmatch(attributes.get("media", "").strip())
    if name == "source" and not theme:
        return
    token = state.push("image" if name == "img" else "source", "img", 0)
    token.attrs = {"src": address}
    token.children = [Token("text", "", 0, content=attributes.get("alt", ""))]
    token.meta = {
        one: int(size[1]) for one in ("width", "height") if (size := _SIZE.fullmatch(attributes.get(one, "")))
    }
    if theme:
        token.meta["media"] = theme[1].lower()


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(text)}


def _address(state: StateInline, value: str) -> str:
    url = state.md.normalizeLink(value.strip())
    return url if state.md.validateLink(url) else ""


def _pair(tokens: list[Token]) -> None:
    waiting: list[Token] = []
    for token in tokens:
        if token.type != "tag":
            continue
        name = token.meta["name"]
        if not token.meta["closing"]:
            if len(waiting) < _MAX_DEPTH:
                waiting.append(token)
        elif any(opening.meta["name"] == name for opening in waiting):
            while (opening := waiting.pop()).meta["name"] != name:
                pass
            _make_element(opening, token)
    for token in tokens:
        if token.type == "tag":
            token.type = "text"


def _make_element(opening: Token, closing: Token) -> None:
    tag = _SHOWN_AS[opening.meta["name"]]
    kind = "link" if tag == "a" else tag
    opening.type, opening.tag, opening.nesting = f"{kind}_open", tag, 1
    closing.type, closing.tag, closing.nesting = f"{kind}_close", tag, -1
    if tag == "a":
        opening.attrs = {"href": opening.meta["href"]}
    elif tag in ("abbr", "dfn") and opening.meta["title"]:
        opening.attrs = {"title": opening.meta["title"]}
