"""What was changed from one text to another: by lines, and by words in lines that are alike."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Comparing costs up to the cube of what is compared, so all of it is bounded: beyond LINES a text is not
# compared at all, beyond these many words or pairs of lines a line counts as replaced.
LINES, WORDS, PAIRS = 2_000, 100, 20
AROUND = 3
ALIKE = 0.4


@dataclass(frozen=True, slots=True)
class Part:
    """Some words: the `same` in both texts, only in the `old`, or only in the `new` one."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line: `same`, `old`, `new`, or `changed` (then in parts). A `gap` stands for lines that are left out."""

    kind: str
    parts: tuple[Part, ...]


def compare(old: str, new: str) -> list[Line] | None:
    """How the old text became the new one, unchanged stretches left out; None if they are too long to compare."""
    before, after = old.split("\n"), new.split("\n")
    if max(len(before), len(after)) > LINES:
        return None
    groups = SequenceMatcher(None, before, after).get_grouped_opcodes(AROUND)
    shown: list[Line] = []
    seen, left = 0, PAIRS
    for group in groups:
        shown += _gap(group[0][1] - seen)
        for tag, i, j, k, m in group:
            shown += _lines(tag, before[i:j], after[k:m], left)
            left -= (j - i) * (tag == "replace")
        seen = group[-1][2]
    return shown + (_gap(len(before) - seen) if shown else [])


def _gap(lines: int) -> list[Line]:
    return [Line("gap", (Part("same", f"{lines:,} line{'s' if lines != 1 else ''}"),))] if lines else []


def _lines(tag: str, before: Sequence[str], after: Sequence[str], pairs: int) -> Iterator[Line]:
    if tag == "equal":
        yield from (Line("same", (Part("same", line),)) for line in before)
        return
    pairs = min(len(before), len(after), max(pairs, 0))
    for old, new in zip(before[:pairs], after[:pairs], strict=True):
        yield from _pair(old, new)
    yield from (Line("old", (Part("old", line),)) for line in before[pairs:])
    yield from (Line("new", (Part("new", line),)) for line in after[pairs:])


def _pair(old: str, new: str) -> list[Line]:
    """A line in two versions: as one line if they are alike, else as two."""
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) <= WORDS:
        matcher = SequenceMatcher(None, before, after)
        if matcher.ratio() >= ALIKE:
            return [Line("changed", tuple(_parts(matcher, before, after)))]
    return [Line("old", (Part("old", old),)), Line("new", (Part("new", new),))]


def _parts(matcher: SequenceMatcher[str], before: Sequence[str], after: Sequence[str]) -> Iterator[Part]:
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            yield Part("same", "".join(before[i:j]))
            continue
        if i < j:
            yield Part("old", "".join(before[i:j]))
        if k < m:
            yield Part("new", "".join(after[k:m]))


def _words(line: str) -> list[str]:
    """A line in words, each with the blanks that follow it."""
    return re.findall(r"\s+|\w+\s*|[^\w\s]\s*", line)
