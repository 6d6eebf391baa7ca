"""How parsed Markdown is dressed for a page of ours: its outline, its CSP, its keyboard."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from webapp.text import attached
from webapp.text.highlight import highlight

# h1 and h2 are the page's own.
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
_OWN_ADDRESS = re.compile(r"/(?![/\\])|[#?]|mailto:")
# A tag in the words of an image has not been paired.
_WORDS = {"text", "code_inline", "tag"}
_LANGUAGE = re.compile(r"[\w+#.-]+")
_MAX_LABEL = 80


def dress(state: StateCore) -> None:
    """Change the tokens where a page wants something else than plain Markdown gives."""
    task_line = -1
    for at, token in enumerate(state.tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADINGS[token.tag]
        elif token.type in ("th_open", "td_open"):
            _align_by_class(token)
        elif token.type == "list_item_open" and token.map and "checked" in token.meta:
            token.meta["label"] = _words_of_task(state.tokens[at + 1 : at + 3])
            # Of two tasks in one line only the first can be ticked.
            if token.map[0] != task_line:
                token.meta["line"] = task_line = token.map[0]
        elif token.type == "inline" and token.children:
            token.children = list(_dress_inline(token.children))


def _words_of_task(begin: Sequence[Token]) -> str:
    """What a screen reader calls the box of a task that begins with these tokens."""
    children = next((token.children or [] for token in begin if token.type == "inline"), [])
    words = " ".join("".join(child.content if child.type in _WORDS else " " for child in children).split())
    if len(words) > _MAX_LABEL:
        words = words[: _MAX_LABEL - 1].rstrip() + "…"
    return words or "Task"


def _align_by_class(token: Token) -> None:
    """The CSP forbids style attributes."""
    style = token.attrs.pop("style", "")
    if style:
        token.attrSet("class", "align-" + str(style).removeprefix("text-align:"))


def _dress_inline(tokens: Sequence[Token]) -> Iterator[Token]:
    links = 0
    for token in tokens:
        if token.type == "image":
            yield from _dress_image(token, linked=links > 0)
            continue
        links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "link_open":
            _mark_attached(token)
            _mark_foreign(token)
        yield token


def _dress_image(image: Token, *, linked: bool) -> Iterator[Token]:
    address = str(image.attrGet("src") or "")
    file = attached.read(address)
    if file is None or not file.is_picture:
        yield from _words_of_image(image) if linked else _link_to_image(image)
        return
    if not linked:
        yield Token("link_open", "a", 1, attrs={"href": address.partition("?")[0], "class": "picture"})
    yield _picture(file, "".join(token.content for token in _words_of_image(image)))
    if not linked:
        yield Token("link_close", "a", -1)


def _picture(file: attached.Attached, alt: str) -> Token:
    """A picture of ours, small; its size is said, so that the page does not jump when it comes."""
    width, height = file.shown_size
    attrs: dict[str, str | int | float] = {
        "src": file.thumbnail, "alt": alt, "width": str(width), "height": str(height), "loading": "lazy",
    }  # fmt: skip
    return Token("picture", "img", 0, attrs=attrs)


def _mark_attached(link: Token) -> None:
    """A file of ours looks like one."""
    if attached.read(str(link.attrGet("href") or "")):
        link.attrSet("class", "attachment")


def _link_to_image(image: Token) -> Iterator[Token]:
    """The CSP loads no foreign picture: a link says where it is, a broken frame would not."""
    href = str(image.attrGet("src") or "")
    if href:
        link = Token("link_open", "a", 1, attrs={"href": href, "class": "image-link"})
        _mark_foreign(link)
        yield link
    yield from _words_of_image(image)
    if href:
        yield Token("link_close", "a", -1)


def _words_of_image(image: Token) -> Iterator[Token]:
    alt = "".join(child.content for child in image.children or [] if child.type in _WORDS)
    yield Token("text", "", 0, content=alt.strip() or _file_name(str(image.attrGet("src") or "")))


def _file_name(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "image"
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc or "image"


def _mark_foreign(link: Token) -> None:
    if not _OWN_ADDRESS.match(str(link.attrGet("href") or "")):
        link.attrSet("rel", "nofollow noopener noreferrer ugc")


def _fence(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    token = tokens[at]
    language = _LANGUAGE.match(token.info.strip())
    code = highlight(token.content, language[0]) if language else None
    return _preformatted(code or escapeHtml(token.content))


def _code_block(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    return _preformatted(escapeHtml(tokens[at].content))


def _preformatted(html: str) -> str:
    """Long lines scroll, so the keyboard must be able to reach them."""
    return f'<pre tabindex="0"><code>{html}</code></pre>\n'


def _list_item_open(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    item: str = renderer.renderToken(tokens, at, options, env)
    if "checked" not in tokens[at].meta:
        return item
    task = tokens[at].meta
    checked = 'checked="" ' if task["checked"] else ""
    line = f' data-line="{task["line"]}"' if "line" in task else ""
    return f'{item}<input type="checkbox" disabled="" {checked}aria-label="{escapeHtml(task["label"])}"{line}> '


def _footnote_number(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    """A number without a link: an id would meet the same id in the next comment of the page."""
    return f"<sup>[{tokens[at].meta['id'] + 1}]</sup>"


def _always(html: str) -> Callable[..., str]:
    return lambda *_: html


RENDER_RULES: dict[str, Callable[..., str]] = {
    "fence": _fence,
    "code_block": _code_block,
    "list_item_open": _list_item_open,
    "table_open": _always('<div class="table-scroll" tabindex="0"><table>\n'),
    "table_close": _always("</table></div>\n"),
    "footnote_ref": _footnote_number,
    "footnote_block_open": _always('<ol class="footnotes">\n'),
    "footnote_open": _always("<li>"),
    "footnote_anchor": _always(""),
    "footnote_close": _always("</li>\n"),
    "footnote_block_close": _always("</ol>\n"),
}
