"""HTML that stands on lines of its own: comments, `<pre>`, and frames such as `<details>` or `<table>`.

Like `tags`, these are tokens of our own and no raw HTML. A comment is left out, as issue templates are
full of them; an opening without an end is shown as it was typed. What a frame must stand in (a cell in its row)
is seen to by the sanitiser, which reads all of it as a browser does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# How deep frames may stand in frames. Browsers and the sanitiser take more; no reader does.
_MAX_DEPTH = 12

_TABLE = {"table", "thead", "tbody", "tfoot", "tr"}
_CELLS = {"td", "th"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# What stands in these directly is a line and no paragraph.
_LINES = _HEADINGS | _CELLS | {"summary", "caption", "li", "dt", "dd", "figcaption"}
# In these, and where something is aligned, lines go on as HTML, however far they are indented, until one is empty. In
# the others Markdown does.
_WHOLE = _TABLE | _LINES - {"summary"} | {"ul", "ol", "dl", "figure"}
# These are no elements of their own, but tell where what is in them stands.
_PLAIN = {"p", "div", "center"}
_NAMES = _WHOLE | _PLAIN | {"details", "summary", "blockquote"}
# Which open frames end where another begins, as they are often written without their end.
_ENDED = {
    "p": {"p"}, "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"},
    "tr": _CELLS | {"tr"}, "td": _CELLS, "th": _CELLS,
    "tbody": {"thead", "tbody", "tr"} | _CELLS, "tfoot": {"thead", "tbody", "tr"} | _CELLS,
}  # fmt: skip

_MARK = "<>"
_FRAME = re.compile(
    rf"<(/?)({'|'.join(sorted(_NAMES, key=lambda name: (-len(name), name)))}|hr)(\s[^<>]*)?/?>", re.IGNORECASE
)
_PRE = re.compile(r"<pre(?:\s[^<>]*)?>(?:\s*<code(?:\s[^<>]*)?>)?", re.IGNORECASE)
_PRE_END = re.compile(r"(?:</code>\s*)?</pre>", re.IGNORECASE)
_ALIGN = re.compile(r"""(?<![\w-])align\s*=\s*["']?(left|center|right)\b""", re.IGNORECASE)
_OPEN = re.compile(r"(?<![\w-])open(?![\w-])", re.IGNORECASE)
_NUMBER = re.compile(r"""(?<![\w-])(colspan|rowspan|start)\s*=\s*["']?([0-9]{1,3})\b""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame that is open; one without an element shows nothing. `level` is that of the block it began in."""

    name: str
    element: str
    level: int


@dataclass(slots=True)
class _Frames:
    """The open frames of a text, and the words that are gathered for the innermost."""

    open: list[_Frame] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def innermost(self) -> str:
        return self.open[-1].name if self.open else ""

    @property
    def is_whole(self) -> bool:
        """Whether the next line goes on as HTML."""
        return bool(self.open) and (
            self.innermost in _WHOLE or (self.innermost in _PLAIN and self.open[-1].element != "")
        )


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line that begins with a comment, a `<pre>` or a frame such as `<details>`."""
    line = _line(state, start)
    if not line.startswith("<"):
        return False
    if state.is_code_block(start):
        return _frames_of(state).is_whole and bool(_FRAME.match(line)) and _read(state, start, end, silent)
    if line.startswith("<!--"):
        return _comment(state, start, end, silent)
    if _PRE.match(line):
        return _preformatted(state, start, end, silent)
    return bool(_FRAME.match(line)) and _read(state, start, end, silent)


def balance(state: StateCore) -> None:
    """The parser's rule: close each frame before what it began in ends, and leave out what closes nothing."""
    if "frames" not in state.env:
        return
    balanced, open_tokens = list[Token](), list[Token]()
    for token in state.tokens:
        if token.nesting > 0:
            open_tokens.append(token)
        elif token.nesting < 0:
            is_frame = token.markup == _MARK
            if is_frame and not _may_close(open_tokens, token):
                continue
            while open_tokens and not _is_end(open_tokens[-1], token):
                balanced.append(_end_of(open_tokens.pop()))
            open_tokens.pop()
        balanced.append(token)
    state.tokens = balanced + [_end_of(one) for one in reversed(open_tokens)]


def _may_close(open_tokens: Sequence[Token], ending: Token) -> bool:
    """Whether it ends a frame that began where it stands itself."""
    for one in reversed(open_tokens):
        if one.markup != _MARK:
            return False
        if _is_end(one, ending):
            return True
    return False


def _is_end(opening: Token, ending: Token) -> bool:
    same = (opening.markup == _MARK) == (ending.markup == _MARK)
    return same and opening.type.removesuffix("_open") == ending.type.removesuffix("_close")


def _end_of(opening: Token) -> Token:
    return Token(f"{opening.type.removesuffix('_open')}_close", opening.tag, -1, block=True, markup=opening.markup)


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    last = _line_with("-->", state, start, end)
    if last is None:
        return False
    if not silent:
        _push_text(state, _line(state, last).partition("-->")[2], last)
        state.line = last + 1
    return True


def _preformatted(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    last = _line_with("</pre>", state, start, end)
    if last is None:
        return False
    if not silent:
        source = state.getLines(start, last + 1, state.blkIndent, False).lstrip()
        opening, closing = _PRE.match(source), _PRE_END.search(source)
        if not opening or not closing:
            return False
        token = state.push("code_block", "code", 0)
        token.content = unescape(source[opening.end() : closing.start()]).strip("\n") + "\n"
        token.map = [start, last + 1]
        _push_text(state, source[closing.end() :], last)
        state.line = last + 1
    return True


def _read(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the frames of a line and the text between; within a table or a list those of the next lines, too."""
    if silent:
        return True
    frames, line = _frames_of(state), start
    _drop_ended(state, frames)
    while True:
        _read_line(state, frames, line)
        line += 1
        if line >= end or not frames.is_whole or state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            break
        frames.words.append(" ")  # a line of HTML does not break where it ends
    _push_words(state, frames, line - 1)
    state.line = line
    return True


def _read_line(state: StateBlock, frames: _Frames, at: int) -> None:
    line, position = _line(state, at), 0
    for tag in _FRAME.finditer(line):
        frames.words.append(line[position : tag.start()])
        _push_words(state, frames, at)
        position = tag.end()
        if tag[1]:
            _close(state, frames, tag[2].lower())
        else:
            _open(state, frames, tag[2].lower(), tag[3] or "")
    frames.words.append(line[position:])


def _open(state: StateBlock, frames: _Frames, name: str, attributes: str) -> None:
    """Open a frame, as far as it makes sense where it stands."""
    while frames.innermost in _ENDED.get(name, ()):
        _pop(state, frames)
    if name == "hr":
        _push(state, "hr", "hr", 0)
        return
    if len(frames.open) >= _MAX_DEPTH or (name == "summary" and frames.innermost != "details"):
        return
    attrs = _attrs(name, attributes)
    element = ("div" if "class" in attrs else "") if name in _PLAIN else name
    frames.open.append(_Frame(name, element, state.level))
    if element:
        _push(state, f"{_kind(element)}_open", element, 1).attrs = attrs


def _close(state: StateBlock, frames: _Frames, name: str) -> None:
    """Close a frame, and those that were left open in it."""
    if all(one.name != name for one in frames.open):
        return
    while frames.innermost != name:
        _pop(state, frames)
    _pop(state, frames)


def _pop(state: StateBlock, frames: _Frames) -> None:
    element = frames.open.pop().element
    if element:
        _push(state, f"{_kind(element)}_close", element, -1)


def _drop_ended(state: StateBlock, frames: _Frames) -> None:
    """What began in a list item or a quote that is over by now is over, too: the sanitiser closed it there."""
    while frames.open and frames.open[-1].level > state.level:
        frames.open.pop()


def _kind(element: str) -> str:
    return "heading" if element in _HEADINGS else element


def _attrs(name: str, attributes: str) -> dict[str, str | int | float]:
    attrs: dict[str, str | int | float] = {}
    if name == "details" and _OPEN.search(attributes):
        attrs["open"] = ""
    if name in _CELLS | {"ol"}:
        attrs |= {one.lower(): number for one, number in _NUMBER.findall(attributes)}
    if name in _PLAIN | _CELLS | _HEADINGS and (align := "center" if name == "center" else _aligned(attributes)):
        attrs["class"] = f"align-{align}"
    return attrs


def _aligned(attributes: str) -> str:
    match = _ALIGN.search(attributes)
    return match[1].lower() if match else ""


def _push(state: StateBlock, kind: str, element: str, nesting: Literal[-1, 0, 1]) -> Token:
    # Not state.push: a frame may begin in one list item and end nowhere, and must not shift the levels.
    token = Token(kind, element, nesting, block=True, markup=_MARK)
    token.level = state.level
    state.tokens.append(token)
    return token


def _push_words(state: StateBlock, frames: _Frames, line: int) -> None:
    text = "".join(frames.words)
    frames.words.clear()
    _push_text(state, text, line)


def _push_text(state: StateBlock, text: str, line: int) -> None:
    if not text.strip():
        return
    hidden = _frames_of(state).innermost in _LINES
    state.push("paragraph_open", "p", 1).hidden = hidden
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = text.strip(), [line, line + 1], []
    state.push("paragraph_close", "p", -1).hidden = hidden


def _frames_of(state: StateBlock) -> _Frames:
    frames: _Frames = state.env.setdefault("frames", _Frames())
    return frames


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _line_with(ending: str, state: StateBlock, start: int, end: int) -> int | None:
    """Return the first line of this block that has the ending, from `start` on.

    A search that failed is remembered: each of ten thousand openings would look through all the rest.
    """
    searched: dict[str, int] = state.env.setdefault("searched", {})
    if start < searched.get(ending, 0):
        return None
    for line in range(start, end):
        if line > start and state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            end = line
            break
        if ending in _line(state, line).lower():
            return line
    searched[ending] = end
    return None
