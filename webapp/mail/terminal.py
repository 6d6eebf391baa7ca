"""A letter as plain text that a terminal shows: 72 columns, links written out."""

import re
import unicodedata
from collections.abc import Iterable

from webapp.mail.blocks import Action, Block, Heading, Item, Quote

COLUMNS = 72
# Takes no room: marks above letters, and what only joins or directs them.
NO_ROOM = ("Mn", "Me", "Cf")
SIGNATURE = "-- "
# Where a link of Markdown leads, if that is a path of this site.
_PATH = re.compile(r"(\]\(<?)(?=/[^/\\])")


def text_of(blocks: Iterable[Block], footer: Iterable[str], site: str) -> str:
    """The whole text; links of this site are whole in what it quotes, too.

    The footer stands below a signature's mark, which mail programs leave out of answers.
    """
    text, before = "", None
    for one in blocks:
        text += _gap(before, one) + "\n".join(_drawn(one, site))
        before = one
    below = [line for one in footer for line in wrapped(one)]
    return "\n".join([text, "", SIGNATURE, *below, ""])


def wrapped(text: str, columns: int = COLUMNS) -> list[str]:
    """Its words in lines; a word that is too long, as an address may be, has a line for itself."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(lines[-1]) + 1 + width(word) <= columns:
            lines[-1] += f" {word}"
        else:
            lines += _cut(word, columns)
    return lines


def width(text: str) -> int:
    """How many columns it takes."""
    return sum(_columns(one) for one in text)


def _gap(before: Block | None, block: Block) -> str:
    """Items stand close to each other, unless a link is between them."""
    if before is None:
        return ""
    return "\n" if isinstance(before, Item) and isinstance(block, Item) and not before.link else "\n\n"


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in NO_ROOM:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _cut(word: str, columns: int) -> list[str]:
    """Scripts without blanks between words are cut where they are; what could be an address never is."""
    if word.isascii() or width(word) <= columns:
        return [word]
    lines = [""]
    for sign in word:
        if width(lines[-1]) + _columns(sign) > columns:
            lines.append("")
        lines[-1] += sign
    return lines


def _drawn(block: Block, site: str) -> list[str]:
    if isinstance(block, Quote):
        words = _PATH.sub(lambda found: found[1] + site, block.words)
        return [f"  {part}".rstrip() for line in words.split("\n") for part in _quoted(line)]
    lead = "* " if isinstance(block, Item) else ""
    below = " " * len(lead)
    first, *others = wrapped(block.said, COLUMNS - len(lead)) or [""]
    lines = [lead + first, *(below + one for one in others)]
    if isinstance(block, Heading):
        lines.append("-" * min(width(block.words), COLUMNS))
    if block.link:
        lines.append(f"{'  ' if isinstance(block, Action) else below}{block.link}")
    return lines


def _quoted(line: str) -> list[str]:
    """As it was written, also its indentation, unless it is too long."""
    if width(line) <= COLUMNS - 2:
        return [line]
    indent = line[: len(line) - len(line.lstrip())][: COLUMNS // 2]
    return [indent + part for part in wrapped(line, COLUMNS - 2 - len(indent))]
