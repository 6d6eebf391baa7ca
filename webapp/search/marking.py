"""The pieces of a text around the words that were looked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile

from webapp.text.words import places

# How much of a text is looked through, and how much is shown on each side of the first word.
READ, AROUND = 20_000, 90


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Needles:
    """Words to mark, and beginnings of words."""

    words: frozenset[str]
    beginnings: tuple[str, ...] = ()

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where they begin and end in a text, one after the other."""
        return places(text, self.words, self.beginnings)


def marked(text: str, needles: Needles) -> Sequence[Piece]:
    """The whole text, in pieces."""
    places = [*needles.places(text)]
    return _cut(text, places, 0, len(text)) if places else _whole(text)


def snippet(text: str, needles: Needles) -> Sequence[Piece]:
    """What stands around the first of the words, in pieces; nothing where none is."""
    text = text[:READ]
    spots = needles.places(text)
    first = next(spots, None)
    if first is None:
        return []
    begin = _between(text, max(0, first[0] - AROUND), first[0])
    end = min(len(text), first[1] + 2 * AROUND)
    near = takewhile(lambda place: place[1] <= end, spots)
    pieces = _cut(text, chain([first], near), begin, end)
    before = [Piece("… ", marked=False)] if begin else []
    after = [Piece(" …", marked=False)] if end < len(text) else []
    return [*before, *pieces, *after]


def _whole(text: str) -> Sequence[Piece]:
    return [Piece(text, marked=False)] if text else []


def _between(text: str, begin: int, end: int) -> int:
    """Where the first whole word begins, so that a piece does not start in the middle of one."""
    blank = text.find(" ", begin, end) if begin else -1
    return blank + 1 if blank >= 0 else begin


def _cut(text: str, places: Iterable[tuple[int, int]], begin: int, end: int) -> Sequence[Piece]:
    pieces: list[Piece] = []
    for first, last in places:
        pieces += (*_whole(text[begin:first]), Piece(text[first:last], marked=True))
        begin = last
    return [*pieces, *_whole(text[begin:end])]
