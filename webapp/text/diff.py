"""What was changed from one text to another: by lines, and by words in lines that are alike.

Comparing costs up to the cube of what is compared, and how much it is for two texts shows only on the way. So the
steps are counted, and whoever has several texts compared gives all of them one budget.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate

# Beyond LINES a text is not compared at all, beyond these many words or pairs of lines a line counts as replaced.
LINES, WORDS, PAIRS = 2_000, 100, 20
# Steps of one comparison by itself: a tenth of a second. One edit of a text of LINES takes some 20,000.
STEPS = 2_000_000
# To show a line costs as much as so many steps.
SHOWN = 500
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


class Exhausted(Exception):
    """A comparison took more steps than there were left."""


@dataclass(slots=True)
class Budget:
    """The steps that comparisons may still take together."""

    left: int = STEPS

    def spend(self, steps: int) -> None:
        """Raises Exhausted if there are no longer so many."""
        self.left -= steps
        if self.left < 0:
            raise Exhausted


class _Counted(SequenceMatcher[str]):
    """Pays for each search: a step for each line or word, and for each of its like on the other side."""

    b2j: dict[str, list[int]]

    def __init__(self, before: Sequence[str], after: Sequence[str], budget: Budget) -> None:
        super().__init__(None, before, after)
        self._budget = budget
        self._steps = list(accumulate((1 + len(self.b2j.get(one, ())) for one in before), initial=0))

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        end = len(self._steps) - 1 if ahi is None else ahi
        self._budget.spend(self._steps[end] - self._steps[alo])
        return super().find_longest_match(alo, ahi, blo, bhi)


def compare(old: str, new: str, budget: Budget | None = None) -> list[Line] | None:
    """How the old text became the new one, unchanged stretches left out.

    None if they are too long to compare, or if it took more steps than the budget had.
    """
    before, after = old.split("\n"), new.split("\n")
    if max(len(before), len(after)) > LINES:
        return None
    try:
        return _compared(before, after, budget or Budget())
    except Exhausted:
        return None


def _compared(before: Sequence[str], after: Sequence[str], budget: Budget) -> list[Line]:
    budget.spend(len(before) + len(after))
    groups = _Counted(before, after, budget).get_grouped_opcodes(AROUND)
    shown: list[Line] = []
    seen, left = 0, PAIRS
    for group in groups:
        shown += _gap(group[0][1] - seen)
        for tag, i, j, k, m in group:
            budget.spend(SHOWN * max(j - i, m - k))
            shown += _lines(tag, before[i:j], after[k:m], left, budget)
            left -= (j - i) * (tag == "replace")
        seen = group[-1][2]
    return shown + (_gap(len(before) - seen) if shown else [])


def _gap(lines: int) -> list[Line]:
    return [Line("gap", (Part("same", f"{lines:,} line{'s' if lines != 1 else ''}"),))] if lines else []


def _lines(tag: str, before: Sequence[str], after: Sequence[str], pairs: int, budget: Budget) -> Iterator[Line]:
    if tag == "equal":
        yield from (Line("same", (Part("same", line),)) for line in before)
        return
    pairs = min(len(before), len(after), max(pairs, 0))
    for old, new in zip(before[:pairs], after[:pairs], strict=True):
        yield from _pair(old, new, budget)
    yield from (Line("old", (Part("old", line),)) for line in before[pairs:])
    yield from (Line("new", (Part("new", line),)) for line in after[pairs:])


def _pair(old: str, new: str, budget: Budget) -> list[Line]:
    """A line in two versions: as one line if they are alike, else as two."""
    before, after = _words(old), _words(new)
    if max(len(before), len(after)) <= WORDS:
        matcher = _Counted(before, after, budget)
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
