"""The pieces of a text around the words that were looked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.text.words import placed

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

    def fits(self, word: str) -> bool:
        """Whether this is one of the words, or begins as one may."""
        return word in self.words or (bool(self.beginnings) and word.startswith(self.beginnings))


def marked(text: str, needles: Needles) -> Sequence[Piece]:
    """The whole text, in pieces."""
    return _cut(text, _places(text, needles), 0, len(text))


def snippet(text: str, needles: Needles) -> Sequence[Piece]:
    """What stands around the first of the words, in pieces; nothing where none is."""
    text = text[:READ]
    places = _places(text, needles)
    if not places:
        return []
    begin = _between(text, max(0, places[0][0] - AROUND), places[0][0])
    end = min(len(text), places[0][1] + 2 * AROUND)
    pieces = list(_cut(text, [place for place in places if place[1] <= end], begin, end))
    before = [Piece("… ", marked=False)] if begin else []
    after = [Piece(" …", marked=False)] if end < len(text) else []
    return [*before, *pieces, *after]


def _places(text: str, needles: Needles) -> list[tuple[int, int]]:
    return [(begin, end) for word, begin, end in placed(text) if needles.fits(word)]


def _between(text: str, begin: int, end: int) -> int:
    """Where the first whole word begins, so that a piece does not start in the middle of one."""
    blank = text.find(" ", begin, end) if begin else -1
    return blank + 1 if blank >= 0 else begin


def _cut(text: str, places: Sequence[tuple[int, int]], begin: int, end: int) -> Sequence[Piece]:
    pieces = []
    for first, last in places:
        pieces += [Piece(text[begin:first], marked=False), Piece(text[first:last], marked=True)]
        begin = last
    pieces.append(Piece(text[begin:end], marked=False))
    return [piece for piece in pieces if piece.text]
