"""What a letter is made of. Its template says it once; it is drawn as plain text and as HTML."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
FIRST_STRONG, POP = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter; `link` is whole, or empty. It leads on from the words, and not from what follows them."""

    words: str
    link: str = ""
    after: str = ""

    @property
    def kind(self) -> str:
        """What it is called where it is drawn."""
        return type(self).__name__

    @property
    def said(self) -> str:
        """All of it, in a line."""
        return f"{self.words}{self.after}"


class Heading(Block):
    """What the following is about."""


class Paragraph(Block):
    """A sentence or some."""


class Aside(Block):
    """The same, less important."""


class Item(Block):
    """One of several things."""


class Quote(Block):
    """What somebody wrote, in Markdown."""


class Action(Block):
    """What the reader is asked to do, and where."""


class Gathering:
    """Takes the blocks that a template names, in their order. Links are paths of this site and lead nowhere else.

    Text is what stands in `{% call say() %}…{% endcall %}`, or is handed in; `after` follows it behind a colon.
    """

    def __init__(self, site: str) -> None:
        self.site = site
        self.blocks: list[Block] = []

    def names(self) -> dict[str, Callable[..., str]]:
        """What templates call."""
        kinds = {"heading": Heading, "say": Paragraph, "aside": Aside, "item": Item, "action": Action}
        return {**{name: self._adding(kind) for name, kind in kinds.items()}, "quote": self._quote}

    def at(self, path: str) -> str:
        """The whole address of a path. Raises ValueError for one that could lead elsewhere."""
        if not path.startswith("/") or path.startswith(("//", "/\\")) or re.search(r"[\s\x00-\x1f\x7f<>\"]", path):
            mistake = f"No path of this site: {path[:80]!r}"
            raise ValueError(mistake)
        return self.site + path

    def _adding(self, kind: type[Block]) -> Callable[..., str]:
        def add(words: str = "", path: str = "", after: str = "", *, caller: Callable[[], str] | None = None) -> str:
            said = line(caller() if caller else words)
            self.blocks.append(kind(said, self.at(path) if path else "", f": {line(after)}" if after else ""))
            return ""

        return add

    def _quote(self, words: str) -> str:
        lines = words.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
        self.blocks.append(Quote("\n".join(_CONTROLS.sub("", one).rstrip() for one in lines)))
        return ""


def line(text: str) -> str:
    """A text as one line, without what controls a terminal or ends a header."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def isolated(value: Any) -> Any:
    """A value of a template; words that go from right to left do not turn those around them."""
    if isinstance(value, str) and any(unicodedata.bidirectional(one) in ("R", "AL") for one in value):
        return f"{FIRST_STRONG}{value}{POP}"
    return value


def unmarked(text: str) -> str:
    """The same without these marks, where they would be seen: in a header."""
    return text.replace(FIRST_STRONG, "").replace(POP, "")
