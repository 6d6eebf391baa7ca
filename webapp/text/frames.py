"""HTML that stands on lines of its own: comments, `<pre>`, and frames such as `<details>`.

Like `tags`, these are tokens of our own and no raw HTML. A comment is left out, as issue templates are
full of them; an opening without an end is shown as it was typed.
"""

import re
from html import unescape

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

# How deep frames may stand in frames. Browsers and the sanitiser take more; no reader does.
_MAX_DEPTH = 10

_FRAME = re.compile(r"<(/?)(details|summary|p|div)(?:\s[^<>]*)?>", re.IGNORECASE)
_PRE = re.compile(r"<pre(?:\s[^<>]*)?>(?:\s*<code(?:\s[^<>]*)?>)?", re.IGNORECASE)
_PRE_END = re.compile(r"(?:</code>\s*)?</pre>", re.IGNORECASE)


def block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a line that begins with a comment, a `<pre>` or a frame such as `<details>`."""
    line = _line(state, start)
    if not line.startswith("<") or state.is_code_block(start):
        return False
    if line.startswith("<!--"):
        return _comment(state, start, end, silent)
    if _PRE.match(line):
        return _preformatted(state, start, end, silent)
    if _FRAME.match(line):
        return _frames(state, start, silent)
    return False


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


def _frames(state: StateBlock, start: int, silent: bool) -> bool:
    """Read the frames of one line and the text between; Markdown goes on in the next line."""
    if silent:
        return True
    line, position = _line(state, start), 0
    for frame in _FRAME.finditer(line):
        _push_text(state, line[position : frame.start()], start)
        position, closing, name = frame.end(), bool(frame[1]), frame[2].lower()
        if name in ("details", "summary"):
            _push_frame(state, name, closing)
    _push_text(state, line[position:], start)
    state.line = start + 1
    return True


def _push_frame(state: StateBlock, name: str, closing: bool) -> None:
    """Open or close a frame, as far as it makes sense where it stands."""
    open_frames: list[str] = state.env.setdefault("open_frames", [])
    if closing:
        if name not in open_frames:
            return
        while open_frames.pop() != name:
            pass
    else:
        if len(open_frames) >= _MAX_DEPTH or (name == "summary" and open_frames[-1:] != ["details"]):
            return
        open_frames.append(name)
    # Not state.push: a frame may begin in one list item and end nowhere, and must not shift the levels.
    token = Token(f"{name}_{'close' if closing else 'open'}", name, -1 if closing else 1, block=True)
    token.level = state.level
    state.tokens.append(token)


def _push_text(state: StateBlock, text: str, line: int) -> None:
    if not text.strip():
        return
    hidden = state.env.get("open_frames", [])[-1:] == ["summary"]
    state.push("paragraph_open", "p", 1).hidden = hidden
    token = state.push("inline", "", 0)
    token.content, token.map, token.children = text.strip(), [line, line + 1], []
    state.push("paragraph_close", "p", -1).hidden = hidden


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
