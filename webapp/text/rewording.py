"""A text says by its project's key what it named by a number alone, so that it means the same in any project.

Code, links and whatever else names nothing stays as it is. Which `#12` does name something only the parser can tell,
and it does not tell where that stood. So each gets a number of its own, and those that are found are meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from webapp.text.markdown import find
from webapp.text.references import References
from webapp.types import BODY_LIMIT

# A sign and a number, as they are typed on all keyboards. What the sign escapes is not part of the name.
SHORT = "[#＃﹟][1-9１-９][0-9０-９]{0,17}"
_SHORT = re.compile(rf"(?<!&){SHORT}(?![0-9０-９])")
# The numbers that are put in: as long as numbers may be, and counted from here.
_FIRST = 10**17


@dataclass(slots=True)
class _Every(References):
    """Notes all that is named, however much."""

    every: set[str] = field(default_factory=set)

    def add(self, name: str, *_: str) -> None:
        self.every.add(name)


def reworded(source: str, key: str, given: int) -> str:
    """The text with `KEY-12` for each `#12` that names an issue, of those numbers that the project has given so far.

    A higher number never was an issue's. A text stays as it is whose own links depend on such a word, or which would
    be too long.
    """
    matches = [match for match in _SHORT.finditer(source) if int(match[0][1:]) <= given]
    if not matches:
        return source
    signs = [f"#{_FIRST + at}" for at in range(len(matches))]
    meant = _named(_replaced(source, matches, signs))
    each = zip(matches, signs, strict=True)
    words = [_whole(match[0], key) if sign in meant else match[0] for match, sign in each]
    new = _replaced(source, matches, words)
    return new if len(new) <= BODY_LIMIT and _named(new) == _expected(source, key, given) else source


def _whole(short: str, key: str) -> str:
    return f"{key}-{int(short[1:])}"


def _expected(source: str, key: str, given: int) -> set[str]:
    """What the text has to name once it is reworded."""
    return {_whole(one, key) if _is_short(one, given) else one for one in _named(source)}


def _is_short(name: str, given: int) -> bool:
    return name.startswith("#") and int(name[1:]) <= given


def _named(source: str) -> set[str]:
    references = _Every()
    find(source, references)
    return references.every


def _replaced(source: str, places: list[re.Match[str]], words: list[str]) -> str:
    return "".join(_pieces(source, places, words))


def _pieces(source: str, places: list[re.Match[str]], words: list[str]) -> Iterator[str]:
    end = 0
    for place, word in zip(places, words, strict=True):
        yield source[end : place.start()]
        yield word
        end = place.end()
    yield source[end:]
