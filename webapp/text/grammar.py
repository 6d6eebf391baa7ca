"""What counts as Markdown here: GitHub's flavour, without raw HTML."""

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from mdit_py_plugins.footnote import footnote_plugin

from webapp.text import anchors, autolinks, commits, dressing, frames, references, tags

MAX_NESTING = 40
_MAX_COLUMNS = 64
_MAX_CELLS = 10_000
_MAX_ADDRESS = 2_000

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCHEMES = {"http", "https", "mailto"}


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        """A link with another scheme stays the text that was typed."""
        scheme = _SCHEME.match(url.strip())
        return scheme is None or scheme[1].lower() in _SCHEMES


def build_parser() -> MarkdownIt:
    """Return a parser; it keeps no state between texts, so threads may have it in common.

    Rules of the core chain run in this order: block, frames, inline, tags, linkify, autolinks, escapes, text_join,
    references, commits, anchors, dressing.
    A rule that looks for words in the text belongs before dressing, where images still are images.
    """
    options = {"html": False, "breaks": True, "tasklists": True, "alerts": True, "maxNesting": MAX_NESTING}
    parser = _Parser("gfm-like", options)
    _find_only_whole_addresses(parser)
    parser.use(footnote_plugin, inline=False)
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    # Before code, which what is indented in a table is not.
    parser.block.ruler.before("code", "frames", frames.block, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.disable("html_block")
    parser.inline.ruler.at("html_inline", tags.inline)
    parser.core.ruler.after("block", "frames", frames.balance)
    parser.core.ruler.after("inline", "tags", tags.pair)
    parser.core.ruler.after("linkify", "autolinks", autolinks.find)
    parser.core.ruler.before("text_join", "escapes", references.keep_escaped)
    parser.core.ruler.push("references", references.refer)
    parser.core.ruler.push("commits", commits.refer)
    parser.core.ruler.push("anchors", anchors.name)
    parser.core.ruler.push("dressing", dressing.dress)
    for token_type, rule in {**dressing.RENDER_RULES, **anchors.RENDER_RULES}.items():
        parser.add_render_rule(token_type, rule)
    return parser


def _find_only_whole_addresses(parser: MarkdownIt) -> None:
    """Take `https://…` in running text for a link, but not README.md, app.py or `// a comment`."""
    finder = parser.linkify
    if finder is None:
        raise RuntimeError("linkify-it-py is not installed")
    finder.set({"fuzzy_link": False, "fuzzy_email": False})
    for scheme in ("//", "ftp:"):
        finder.add(scheme, None)
    # Its own first look is an expression that takes longer than all else that is asked of a plain sentence. Of the
    # schemes that are left, one has both slashes behind it, and `mailto:` an address.
    finder.pretest = lambda text: "://" in text or "@" in text
    match = finder.match_at_start

    def match_near(text: str) -> Any:
        # Each "https://a/(" looks for its bracket as far as the text goes: 64 KiB of them took 5 s.
        found = match(text[: _MAX_ADDRESS + 1])
        return found if found and found.last_index <= _MAX_ADDRESS else None

    finder.match_at_start = match_near


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table; what is wider than a reader can follow, or has too many rows, stays text.

    A row need not be written out to get all its cells, so few kilobytes could become megabytes.
    """
    columns = _columns(state, start + 1) if start + 1 < end else 1
    left = _MAX_CELLS - state.env.get("cells", 0)
    end = min(end, start + 2 + left // columns)
    if columns > _MAX_COLUMNS or not table(state, start, end, silent):
        return False
    if not silent:
        state.env["cells"] = _MAX_CELLS - left + columns * (state.line - start)
    return True


def _columns(state: StateBlock, line: int) -> int:
    begin, stop = state.bMarks[line] + state.tShift[line], state.eMarks[line]
    return len(state.src[begin:stop].strip().strip("|").split("|"))
