"""What a word is, for full text: the same here and in the database, whose `search_words` writes what is found.

Accents and case do not count, nor what takes no room. What is neither letter nor digit only parts words, so that the
parts of a path or of `std::vec` are found, but for the signs of names such as C++, C# and .NET. Scripts that write no
blanks are read character by character, their words as phrases, and so are emoji. `getUserName` is one word, which is
found by its parts, too: they are written `get|user|name`, and stand in the same place of a document.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from heapq import merge
from itertools import islice, pairwise

# Drop what only stands above or below a letter: Latin, Greek, Cyrillic, Hebrew and Arabic are read without. So are
# characters without width, and the colours of skin.
_MARKS = re.compile(
    r"[\u00AD\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F"
    r"\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF"
    r"\u061C\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF"
    r"\U0001F3FB-\U0001F3FF\U000E0000-\U000E007F]"
)
_SEPARATORS = re.compile(
    r"[\u0005-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00A9\u00AB-\u00B4\u00B6-\u00B9\u00BB-\u00BF\u00D7\u00F7"
    r"\u02C2-\u02DF\u037E\u0387\u055A-\u055F\u0589\u058A\u05BE\u05C0\u05C3\u05F3\u05F4\u060C\u061B\u061F"
    r"\u066A-\u066D\u06D4\u0964\u0965\u0E3F\u0E4F\u0E5A\u0E5B\u1361-\u1368\u1400\u166D\u166E\u1680\u1800-\u180A"
    r"\u2000-\u206F\u20A0-\u20CF\u2190-\u2319\u231C-\u23E8\u23FB-\u25FF\u27C0-\u2B1A\u2B1D-\u2B4F\u2B51-\u2B54"
    r"\u2B56-\u2BFF\u2E00-\u2E7F\u3000-\u3004\u3008-\u3020\u3030\u303D\u30A0\u30FB"
    r"\uE000-\uF8FF\uFE10-\uFE1F\uFE30-\uFE6F\uFEFF\uFFF0-\uFFFF\U000E0080-\U0010FFFF]+"
)
_ALONE = re.compile(
    r"([\u0E01-\u0E3A\u0E40-\u0E4E\u0E50-\u0E59\u0E81-\u0EFF\u1000-\u109F\u1100-\u11FF\u1780-\u17FF"
    r"\u3005-\u3007\u3021-\u302F\u3031-\u303C\u303E-\u309F\u30A1-\u30FA\u30FC-\u4DBF\u4E00-\u9FFF\uAC00-\uD7FF"
    r"\uF900-\uFAFF\U00020000-\U0003FFFF"
    r"\u231A\u231B\u23E9-\u23FA\u2600-\u27BF\u2B1B\u2B1C\u2B50\u2B55\U0001F000-\U0001FAFF])"
)
# Where a word begins within one. `URLs` and `0x1F` are none of several.
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[0-9])(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
# Signs that are part of a name; while a text is taken apart, other characters stand for them and for `|`.
_SIGNS = (
    (re.compile(r"(?<=[a-z])\+\+"), "\x02\x02 "),
    (re.compile(r"(?<=[a-z])#(?![a-z0-9])"), "\x03"),
    (re.compile(r"\.net(?![a-z0-9])"), " \x04net"),
)
_HIDDEN, _SHOWN = dict.fromkeys(range(1, 5), " "), dict(zip(range(1, 5), "|+#.", strict=True))
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
_SIGN = frozenset("+#.")
# A longer word is known by its beginning.
LONGEST = 64
# What no ASCII character parts, and where an ASCII word ends.
_CHUNK, _END = re.compile(r"[^\u0001-/:-@\[-`{-\u007F]+"), re.compile(r"[^0-9a-z]|\Z")


def words(text: str) -> list[str]:
    """The words of a text, as they are looked for; none of one that has neither letter nor digit nor emoji."""
    return [word.replace("|", "")[:LONGEST] for word in normal(text).split()]


def normal(text: str) -> str:
    """The words of a text with a blank between them: what `search_words` makes of it."""
    text = text.translate(_HIDDEN)
    if not text.isascii():
        text = _HUMPS.sub("\x01", _bare(text))
        text = unicodedata.normalize("NFC", text.translate(_SMALLER))
        text = _ALONE.sub(r" \1 ", text)
    else:
        text = _HUMPS.sub("\x01", text).translate(_SMALLER)
    for sign, hidden in _SIGNS:
        text = sign.sub(hidden, text)
    return _SEPARATORS.sub(" ", text).strip(" ").translate(_SHOWN)


def places(text: str, words: frozenset[str], beginnings: tuple[str, ...] = ()) -> Iterator[tuple[int, int]]:
    """Where some words, and words with some beginnings, stand in a text: each begin and end, one after the other.

    They are written as `words` gives them.
    """
    plain, signed = _told_apart(words, beginnings)
    if text.isascii():
        # Looked up, not read word by word: of most texts that leaves nothing to do.
        low = text.lower()
        runs = [_standing(low, text, word, whole=whole) for word, whole in plain if word in low]
    else:
        runs = [_taken_apart(text, words, beginnings)]
    if signed:
        runs += [_signed(text, word) for word in signed]
    if not runs:
        return iter(())
    return runs[0] if len(runs) == 1 else _apart(merge(*runs, key=lambda place: (place[0], -place[1])))


@lru_cache(maxsize=200)
def _told_apart(
    words: frozenset[str], beginnings: tuple[str, ...]
) -> tuple[Sequence[tuple[str, bool]], Sequence[str]]:
    """What has no signs, each with whether no letter may follow; and names with signs. The same for many texts."""
    each = [*((word, len(word) < LONGEST) for word in words), *((one, False) for one in beginnings)]
    plain = [one for one in each if _SIGN.isdisjoint(one[0])]
    return plain, [word for word, _ in each if not _SIGN.isdisjoint(word)]


def _apart(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Of those that overlap, the first, and of these the longest."""
    last = 0
    for begin, end in places:
        if begin >= last:
            yield begin, end
            last = end


def _signed(text: str, word: str) -> Iterator[tuple[int, int]]:
    """Where a name with signs stands."""
    ends = "" if word.endswith("+") else r"(?![^\W_])"
    begins = "" if word.startswith(".") else r"(?<![^\W_])"
    return (match.span() for match in re.finditer(begins + re.escape(word) + ends, text, re.IGNORECASE))


def _standing(low: str, text: str, word: str, *, whole: bool) -> Iterator[tuple[int, int]]:
    at = low.find(word)
    while at >= 0:
        end = at + len(word)
        before, rest = at > 0 and low[at - 1].isalnum(), low[end : end + 1].isalnum()
        if not (before or (whole and rest)) or _is_part(text, at, end, rest=whole and rest):
            yield at, next(_END.finditer(low, end)).start() if rest and not _HUMPS.match(text, end) else end
        at = low.find(word, end)


def _is_part(text: str, begin: int, end: int, *, rest: bool) -> bool:
    """Whether a part of a word stands here, or else, if that need not end here, the beginning of one."""
    if begin and text[begin - 1].isalnum() and not _HUMPS.match(text, begin):
        return False
    if end - begin < 2 or (rest and not _HUMPS.match(text, end)):
        return False
    return all(hump.start() >= end for hump in islice(_HUMPS.finditer(text, begin + 1, end + 3), 1))


def _taken_apart(text: str, words: Set[str], beginnings: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    for chunk in _CHUNK.finditer(text):
        if chunk[0].isascii():
            each: Iterable[tuple[str, int, int]] = [(chunk[0].lower()[:LONGEST], 0, len(chunk[0]))]
        else:
            each = _placed(chunk[0])
        for word, begin, end in each:
            for one, first, last in ((word, begin, end), *_parts(chunk[0], begin, end)):
                if one in words or (beginnings and one.startswith(beginnings)):
                    yield chunk.start() + first, chunk.start() + last
                    if one == word:
                        break


def _parts(text: str, begin: int, end: int) -> Iterator[tuple[str, int, int]]:
    """The parts of a word that stands in a text."""
    if text[begin + 1 : end].islower():
        return
    letters = [(letter, at) for at in range(begin, end) for letter in _bare(text[at])]
    humps = list(_HUMPS.finditer("".join(letter for letter, _ in letters)))
    cuts = [begin, *(letters[hump.start()][1] for hump in humps), end]
    for first, last in pairwise(cuts) if humps else ():
        for word, at, upto in _placed(text[first:last]):
            if len(word) > 1:
                yield word, first + at, first + upto


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
    return _bare(text).translate(_SMALLER)


def _bare(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKD", text))
