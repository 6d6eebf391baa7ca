"""What a word is, for full text: the same here and in the database, whose `search_words` writes what is found.

Accents and case do not count. What is neither letter nor digit only parts words, so that the parts of a path or
of `std::vec` are found. Scripts that write no blanks are read character by character, their words as phrases.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from heapq import merge
from itertools import groupby

# Drop what only stands above or below a letter: Latin, Greek, Cyrillic, Hebrew and Arabic are read without.
_MARKS = re.compile(
    r"[\u00AD\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F"
    r"\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF"
    r"\uFE00-\uFE0F\uFE20-\uFE2F]"
)
_SEPARATORS = re.compile(
    r"[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7"
    r"\u02C2-\u02DF\u037E\u0387\u055A-\u055F\u0589\u058A\u05BE\u05C0\u05C3\u05F3\u05F4\u060C\u061B\u061F"
    r"\u066A-\u066D\u06D4\u0964\u0965\u0E3F\u0E4F\u0E5A\u0E5B\u1361-\u1368\u1400\u166D\u166E\u1680\u1800-\u180A"
    r"\u2000-\u206F\u20A0-\u20CF\u2190-\u2BFF\u2E00-\u2E7F\u3000-\u3004\u3008-\u3020\u3030\u303D\u30A0\u30FB"
    r"\uE000-\uF8FF\uFE10-\uFE1F\uFE30-\uFE6F\uFEFF\uFFF0-\uFFFF\U0001F000-\U0001FAFF\U000E0000-\U0010FFFF]+"
)
_ALONE = re.compile(
    r"([\u0E01-\u0E3A\u0E40-\u0E4E\u0E50-\u0E59\u0E81-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF"
    r"\u3005-\u3007\u3021-\u302F\u3031-\u303C\u303E-\u309F\u30A1-\u30FA\u30FC-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF"
    r"\uF900-\uFAFF\U00020000-\U0003FFFF])"
)
# Capitals that are left once the marks are gone, and letters that stand for others. Python's own lower case is
# not the database's, and neither is one of its versions another's.
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZÞŊƏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
_CAPITALS += "ЂЄЅІЈЉЊЋЏҐҒҖҚҢҪҮҰҲҺӘӨԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ"
_SMALL = "abcdefghijklmnopqrstuvwxyzþŋəαβγδεζηθικλμνξοπρστυφχψωабвгдежзиклмнопрстуфхцчшщъыьэюя"
_SMALL += "ђєѕіјљњћџґғҗқңҫүұҳһәөաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ"
_SMALLER = str.maketrans(
    {
        **dict(zip(_CAPITALS, _SMALL, strict=True)),
        **dict(zip("ØøĐđÐðŁłĦħŦŧıς", "ooddddllhhttiσ", strict=True)),
        **dict(zip("ßẞÆæŒœ", ("ss", "ss", "ae", "ae", "oe", "oe"), strict=True)),
    }
)
# A longer word is known by its beginning.
LONGEST = 64
# What no ASCII character parts, and where an ASCII word ends.
_CHUNK, _END = re.compile(r"[^\u0001-/:-@\[-`{-\u007F]+"), re.compile(r"[^0-9a-z]|\Z")


def words(text: str) -> list[str]:
    """The words of a text, as they are looked for; none of one that has neither letter nor digit."""
    return [word[:LONGEST] for word in normal(text).split()]


def normal(text: str) -> str:
    """The words of a text with a blank between them: what `search_words` makes of it."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", _plain(text))
        text = _ALONE.sub(r" \1 ", text)
    else:
        text = text.translate(_SMALLER)
    return _SEPARATORS.sub(" ", text).strip(" ")


def places(text: str, words: Set[str], beginnings: tuple[str, ...] = ()) -> Iterator[tuple[int, int]]:
    """Where some words, and words with some beginnings, stand in a text: each begin and end, one after the other.

    They are written as `words` gives them.
    """
    if not text.isascii():
        return _taken_apart(text, words, beginnings)
    # Looked up, not read word by word: of most texts that leaves nothing to do.
    text = text.lower()
    found = [_standing(text, word, whole=len(word) < LONGEST) for word in words]
    found += [_standing(text, beginning, whole=False) for beginning in beginnings]
    return found[0] if len(found) == 1 else (place for place, _ in groupby(merge(*found)))


def _standing(text: str, word: str, *, whole: bool) -> Iterator[tuple[int, int]]:
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        rest = text[end : end + 1].isalnum()
        if not (whole and rest) and not (at and text[at - 1].isalnum()):
            yield at, next(_END.finditer(text, end)).start() if rest else end
        at = text.find(word, end)


def _taken_apart(text: str, words: Set[str], beginnings: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for chunk in _CHUNK.finditer(text):
        if chunk[0].isascii():
            each: Iterable[tuple[str, int, int]] = [(chunk[0].lower()[:LONGEST], 0, len(chunk[0]))]
        else:
            each = _placed(chunk[0])
        for word, begin, end in each:
            if word in words or (beginnings and word.startswith(beginnings)):
                yield chunk.start() + begin, chunk.start() + end


def _placed(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of a text with the places where it begins and ends in it."""
    letters = ""
    begin = end = 0
    for at, character in enumerate(text):
        for letter, parts, alone in _letters(character):
            if parts and letters:
                yield letters[:LONGEST], begin, end
                letters = ""
            if alone:
                yield letter, at, at + 1
            elif not parts:
                begin = begin if letters else at
                letters += letter
                end = at + 1
    if letters:
        yield letters[:LONGEST], begin, end


@lru_cache(maxsize=4096)
def _letters(character: str) -> Sequence[tuple[str, bool, bool]]:
    """What a character stands for: letters, whether each ends a word, and whether it is one by itself."""
    letters = unicodedata.normalize("NFC", _plain(character))
    each = ((letter, bool(_SEPARATORS.match(letter)), bool(_ALONE.match(letter))) for letter in letters)
    return [(letter, parts or alone, alone) for letter, parts, alone in each]


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).translate(_SMALLER)
