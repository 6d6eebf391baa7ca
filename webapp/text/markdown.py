"""Markdown to HTML that may stand in a page as it is."""

import logging
import re
from collections.abc import Mapping
from html import escape

from markdown_it.token import Token

from webapp.text import elsewhere, unmarked
from webapp.text.grammar import MAX_NESTING, build_parser
from webapp.text.references import References
from webapp.text.sanitiser import clean

# Raise it when the same source gives other HTML, and old HTML is made again.
_VERSION = 7

# What 64 KiB can cost is bounded by the limits here and in `grammar`; an import may bring longer texts.
MAX_SOURCE = 65_536
# The parser looks for the partner of each bracket: 64 KiB of "![" took 2 s. Real texts have hundreds.
MAX_BRACKETS = 10_000
MAX_HTML = 1_000_000

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_CONTAINERS = {"alert_open", "blockquote_open", "list_item_open"}

_log = logging.getLogger(__name__)
_parser = build_parser()


# What each word that was looked up leads to: the address, and the words for an address that stands for itself.
Links = Mapping[str, tuple[str, str]]


def version() -> int:
    """What is stored beside HTML: another number as soon as the same source gives other HTML."""
    return _VERSION * 256 + elsewhere.state()


def render(source: str, links: Links | None = None, repository: str | None = None) -> str:
    """Return safe HTML; a text that is too large or too odd comes back as it was typed, in a `<pre>`.

    `links` leads from issues and people, as the text names them, to their addresses. `repository` is where the code
    that it speaks of can be looked at: with it, hashes of commits are links.
    """
    text = tidy(source)
    if _is_too_much(text):
        return _as_typed(text)
    if repository is None and (html := unmarked.html(text)) is not None:
        return html
    try:
        html = _html(text, links, repository)
    except Exception:
        # A page with twenty comments must not fail because the parser fell over one of them.
        _log.exception("Markdown could not be rendered; shown as typed")
        html = None
    return _as_typed(text) if html is None else html


def read(source: str) -> list[Token]:
    """Return the tokens of a text; none of one that is shown as it was typed."""
    text = tidy(source)
    if _is_too_much(text):
        return []
    try:
        tokens = parse(text)
    except Exception:
        return []
    return [] if _is_cut(tokens) else tokens


def find(source: str, references: References | None = None) -> References:
    """Return which issues and people a text names; nothing for one that is shown as it was typed.

    They are noted in `references`, if there is such a one already.
    """
    text, references = tidy(source), References() if references is None else references
    if _is_too_much(text) or unmarked.html(text) is not None:
        return references
    try:
        _parser.parse(text, {"gathered": references})
    except Exception:
        _log.exception("Markdown could not be read for references")
    return references


def find_or_render(source: str) -> tuple[References, str | None]:
    """The same of a new text, and its HTML if it names nothing: that needs no links, and no second reading."""
    text, references = tidy(source), References()
    if _is_too_much(text):
        return references, _as_typed(text)
    if (html := unmarked.html(text)) is not None:
        return references, html
    env: dict[str, object] = {"gathered": references}
    try:
        tokens = _parser.parse(text, env)
        html = None if references.names else _cleaned_html(tokens, env)
    except Exception:
        _log.exception("Markdown could not be rendered; shown as typed")
        html = None
    return references, _as_typed(text) if html is None and not references.names else html


def parse(text: str) -> list[Token]:
    """Return the tokens of a text that `tidy` has seen."""
    return _parser.parse(text)


def tidy(source: str) -> str:
    """Return the text with plain line ends and without characters that no page can show.

    The line numbers in `data-line` count the "\\n" of this text.
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))


def _html(text: str, links: Links | None, repository: str | None) -> str | None:
    env: dict[str, object] = {"named": links, "repository": repository}
    return _cleaned_html(_parser.parse(text, env), env)


def _cleaned_html(tokens: list[Token], env: dict[str, object]) -> str | None:
    if _is_cut(tokens):
        return None
    html = str(_parser.renderer.render(tokens, _parser.options, env))
    # Asked before and after, because cleaning many megabytes is itself slow.
    if len(html) > MAX_HTML:
        return None
    html = clean(html)
    return html if len(html) <= MAX_HTML else None


def _is_too_much(text: str) -> bool:
    return len(text) > MAX_SOURCE or text.count("[") > MAX_BRACKETS


def _is_cut(tokens: list[Token]) -> bool:
    """Whether the parser left out what was nested too deeply: nobody's words may vanish."""
    return any(token.level >= MAX_NESTING - 1 and token.type in _CONTAINERS for token in tokens)


def _as_typed(text: str) -> str:
    return f'<pre class="as-typed" tabindex="0">{escape(text, quote=False)}</pre>'
