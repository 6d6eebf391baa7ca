"""Places in a text that addresses lead to: its headings and its footnotes.

They are called `user-content-…`, so that none takes the name of a part of the page. What is stored says no more, as a
new text has no number yet; `placed` tells those of one text from those of the next on a page. Nor has it any words of
ours: readers speak many languages. Roles say what a link is, and programs that read aloud say these in the reader's.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from urllib.parse import unquote

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from webapp.text import emoji

OURS = "user-content-"
_MAX_NAME = 100
_WORDS = {"text", "code_inline"}
# Nothing that people write comes out like this: the sanitiser writes each < of a text and each " in an attribute
# as a reference, and of our places these are the first attributes.
_PLACE = re.compile(rf'(<(?:h[3-6] id|li id|sup id|a href)="#?{OURS})')


def placed(html: str, where: str) -> str:
    """Rendered HTML whose places, and the links to them, are those of one text among others on its page."""
    return _PLACE.sub(rf"\g<1>{where}:", html) if OURS in html else html


def name(state: StateCore) -> None:
    """The parser's rule: give each heading a name, and let links to it lead there."""
    taken: dict[str, int] = {}
    opening: Token | None = None
    for token in state.tokens:
        if token.type == "heading_open":
            opening = token
        elif token.type == "heading_close" and opening:
            token.meta, opening = opening.meta, None
        elif token.type == "inline" and opening and not opening.meta and (words := _words(token)):
            opening.meta = {"name": _free(_slug(words), taken), "words": emoji.shown(words[:_MAX_NAME])}
    if taken:
        _lead(state.tokens, taken)


def _words(heading: Token) -> str:
    return " ".join("".join(child.content for child in heading.children or () if child.type in _WORDS).split())


def _slug(words: str) -> str:
    """As GitHub makes it, but that letters keep their marks, as Hindi cannot be read without."""
    kept = (one for one in words.strip().lower().replace(" ", "-") if _may_stand(one))
    return "".join(kept)[:_MAX_NAME] or "section"


def _may_stand(one: str) -> bool:
    return one.isalnum() or one in "-_" or unicodedata.category(one)[0] == "M"


def _free(slug: str, taken: dict[str, int]) -> str:
    """The name, with a number if another heading has it; of each, the last number that was given is kept."""
    one = slug
    while one in taken:
        taken[slug] += 1
        one = f"{slug}-{taken[slug]}"
    taken[one] = 0
    return one


def _lead(tokens: Sequence[Token], taken: Collection[str]) -> None:
    """Let links to headings lead to the names that these got."""
    for link in (child for token in tokens for child in token.children or () if child.type == "link_open"):
        href = unquote(str(link.attrGet("href") or ""))
        if href[:1] == "#" and href[1:] in taken:
            link.attrs["href"] = f"#{OURS}{href[1:]}"


def _heading_open(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    token = tokens[at]
    classes = f' class="{token.attrs["class"]}"' if "class" in token.attrs else ""
    if "name" not in token.meta:
        return f"<{token.tag}{classes}>"
    return f'<div class="heading"><{token.tag} id="{OURS}{escapeHtml(token.meta["name"])}"{classes}>'


def _heading_close(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    """With a link to the heading beside it: within it would be part of what the heading says."""
    token = tokens[at]
    if "name" not in token.meta:
        return f"</{token.tag}>\n"
    name, words = escapeHtml(token.meta["name"]), escapeHtml(token.meta["words"])
    return f'</{token.tag}><a href="#{OURS}{name}" class="anchor" aria-label="{words}"></a></div>\n'


def _footnote_number(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    number, again = tokens[at].meta["id"] + 1, _again(tokens[at])
    link = f'<a href="#{OURS}fn:{number}" class="footnote" role="doc-noteref">{number}</a>'
    return f'<sup id="{OURS}fnref:{number}{again}">{link}</sup>'


def _footnote_open(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f'<li id="{OURS}fn:{tokens[at].meta["id"] + 1}">'


def _footnote_anchor(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    number, again = tokens[at].meta["id"] + 1, _again(tokens[at])
    name = f"↩ {number}{again.replace(':', '-')}"
    return (
        f' <a href="#{OURS}fnref:{number}{again}" class="footnote-back" role="doc-backlink" aria-label="{name}"></a>'
    )


def _again(token: Token) -> str:
    """Which of several references to the same footnote it is, from the second on."""
    return f":{token.meta['subId'] + 1}" if token.meta.get("subId", 0) > 0 else ""


def _always(html: str) -> Callable[..., str]:
    return lambda *_: html


RENDER_RULES: dict[str, Callable[..., str]] = {
    "heading_open": _heading_open,
    "heading_close": _heading_close,
    "footnote_ref": _footnote_number,
    "footnote_block_open": _always('<ol class="footnotes">\n'),
    "footnote_open": _footnote_open,
    "footnote_anchor": _footnote_anchor,
    "footnote_close": _always("</li>\n"),
    "footnote_block_close": _always("</ol>\n"),
}
