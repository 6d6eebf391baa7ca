"""Words that are one slip of the fingers away from another."""

from collections.abc import Iterator

ALPHABETS = ("abcdefghijklmnopqrstuvwxyz", "абвгдежзиклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρστυφχψω")
DIGITS = "0123456789"
# Of a shorter word too much would be another; a longer one is nobody's slip.
SHORTEST, LONGEST = 3, 24


def near(word: str) -> list[str]:
    """All words at one letter left out, doubled, swapped or wrong, in the script of the word."""
    if not SHORTEST <= len(word) <= LONGEST:
        return []
    return [one for one in dict.fromkeys(_slips(word)) if one != word]


def _slips(word: str) -> Iterator[str]:
    """The words at one slip, the likeliest kind first; some of them twice."""
    letters = _alphabet(word)
    cuts = [(word[:at], word[at:]) for at in range(len(word))]
    yield from (before + after[1:] for before, after in cuts)
    yield from (before + after[1] + after[0] + after[2:] for before, after in cuts[:-1])
    yield from (before + letter + after[1:] for before, after in cuts for letter in letters)
    yield from (before + letter + after for before, after in [*cuts, (word, "")] for letter in letters)


def _alphabet(word: str) -> str:
    """What else may stand in the word: the letters of its script, and digits."""
    return next((one for one in ALPHABETS if any(letter in one for letter in word)), "") + DIGITS
