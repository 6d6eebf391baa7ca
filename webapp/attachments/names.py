"""What people call their files, made harmless: no path, no line break, nothing that is read backwards."""

import re
import unicodedata

MAX_LENGTH = 200
_INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def cleaned(name: str) -> str:
    """A name for people to see and to save under; never empty, at most 200 characters, the ending kept."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(" " if char.isspace() else char for char in last if unicodedata.category(char) not in _INVISIBLE)
    tidy = unicodedata.normalize("NFC", " ".join(shown.split())).strip(". ")
    if len(tidy) > MAX_LENGTH:
        stem, dot, ending = tidy.rpartition(".")
        ending = f".{ending}" if dot and len(ending) <= 20 else ""
        tidy = (stem if ending else tidy)[: MAX_LENGTH - len(ending)] + ending
    return tidy or "file"
