"""How names are sorted: as people count and spell, whatever locale the database's server knows.

`natural_key` is here for lists that are sorted in a process, and in the database under the same name, which keeps it
beside the names of labels, milestones, people and projects: whoever writes a name, by whatever way, cannot forget it.
"""

import re
import unicodedata
from functools import lru_cache

_DIGITS = re.compile("[0-9]+")
_MARKS = re.compile("[\u0300-\u036f]")
# Letters that are no other with a mark, by what they are spelled like.
_SPELLED = {"ß": "ss", "ẞ": "ss", "Æ": "ae", "æ": "ae", "Œ": "oe", "œ": "oe", "Þ": "th", "þ": "th"}
_CAPITAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZØøŁłĐđÐðıΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣςΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЂЄЅІЈЉЊЋЏҐ"
_SMALL = "abcdefghijklmnopqrstuvwxyzoollddddiαβγδεζηθικλμνξοπρσστυφχψωабвгдежзиклмнопрстуфхцчшщъыьэюяђєѕіјљњћџґ"
_LETTERS = str.maketrans(dict(zip(_CAPITAL, _SMALL, strict=True)) | _SPELLED)
WIDTH = 20  # digits that a number is filled up to


@lru_cache(maxsize=5_000)
def natural_key(name: str) -> str:
    """What a name is sorted by, character by character: `1.9` before `1.10`, `Ä` beside `A`, in any case.

    The name itself is at its end, so that the order is one even where names are spelled alike.
    """
    plain = name if name.isascii() else _MARKS.sub("", unicodedata.normalize("NFKD", name))
    counted = _DIGITS.sub(lambda digits: digits[0].lstrip("0").rjust(WIDTH, "0"), plain.translate(_LETTERS))
    return f"{counted}\x01{name}"
