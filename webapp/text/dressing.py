"""How parsed Markdown is dressed for a page of ours: its outline, its CSP, its keyboard."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from webapp.text import attached, emoji
from webapp.text.foreign import mark_foreign
from webapp.text.highlight import highlight
from webapp.text.images import dress_image

# h1 and h2 are the page's own.
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}
# A tag in the words of an image has not been paired.
_WORDS = {"text", "code_inline", "tag"}
_LANGUAGE = re.compile(r"[\w+#.-]+")
_MAX_LABEL = 80


def dress(state: StateCore) -> None:
    """Change the tokens where a page wants something else than plain Markdown gives."""
    task_line = -1
    for at, token in enumerate(state.tokens):
        if token.type == "inline" and token.children:
            token.children = list(_dress_inline(token.children))
        elif token.type == "list_item_open" and token.map and "checked" in token.meta:
            token.meta["label"] = _words_of_task(state.tokens[at + 1 : at + 3])
            # Of two tasks in one line only the first can be ticked.
            if token.map[0] != task_line:
                token.meta["line"] = task_line = token.map[0]
        else:
            _dress_block(token)


def _dress_block(token: Token) -> None:
    if token.type in ("heading_open", "heading_close"):
        token.tag = _HEADINGS[token.tag]
    elif token.type in ("th_open", "td_open"):
        _align_by_class(token)
    elif token.type == "alert_open":
        token.attrs = {"class": f"alert alert-{token.meta['kind'].lower()}"}


def _words_of_task(begin: Sequence[Token]) -> str:
    """What a screen reader calls the box of a task that begins with these tokens."""
    children = next((token.children or [] for token in begin if token.type == "inline"), [])
    words = "".join(child.content if child.type in _WORDS else " " for child in children)
    words = " ".join(emoji.shown(words).split())
    if len(words) > _MAX_LABEL:
        words = words[: _MAX_LABEL - 1].rstrip() + "…"
    return words or "Task"


def _align_by_class(token: Token) -> None:
    """The CSP forbids style attributes."""
    style = token.attrs.pop("style", "")
    if style:
        token.attrSet("class", "align-" + str(style).removeprefix("text-align:"))


@dataclass(slots=True)
class _Line:
    """Where in a line a token stands."""

    depth: dict[str, int] = field(default_factory=lambda: {"link": 0, "code": 0, "picture": 0})
    is_address: bool = False
    sources: list[Token] = field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether text there is words, and neither code nor an address."""
        return not self.depth["code"] and not (self.depth["link"] and self.is_address)

    def pass_by(self, token: Token) -> None:
        """Go on over a token that opens or closes something."""
        kind = token.type.rpartition("_")[0]
        if kind in self.depth:
            self.depth[kind] += token.nesting
        if token.type == "link_open":
            self.is_address = token.info == "auto"
            _mark_attached(token)
            mark_foreign(token)
        elif kind == "picture":
            self.sources = []


def _dress_inline(tokens: Sequence[Token]) -> Iterator[Token]:
    line = _Line()
    for token in tokens:
        if token.nesting:
            line.pass_by(token)
        if token.type == "image":
            yield from dress_image(token, linked=line.depth["link"] > 0, sources=line.sources)
        elif token.type == "source":
            line.sources.append(token)
        elif not line.depth["picture"] and not token.type.startswith("picture"):
            if token.type == "text" and line.is_running:
                token.content = emoji.shown(token.content)
            yield token


def _mark_attached(link: Token) -> None:
    """A file of ours looks like one."""
    if attached.read(str(link.attrGet("href") or "")):
        link.attrSet("class", "attachment")


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


def _always(html: str) -> Callable[..., str]:
    return lambda *_: html


RENDER_RULES: dict[str, Callable[..., str]] = {
    "fence": _fence,
    "code_block": _code_block,
    "list_item_open": _list_item_open,
    "alert_title_open": _always('<p class="alert-title">'),
    "alert_title_close": _always("</p>\n"),
    "table_open": _always('<div class="table-scroll" tabindex="0"><table>\n'),
    "table_close": _always("</table></div>\n"),
}
