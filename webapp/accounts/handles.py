"""The word that others call somebody by in a text: `@ada`."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 39
FORM = rf"^[a-z0-9][a-z0-9_-]{{0,{LONGEST - 1}}}$"


def wish(name: str, email: str) -> str:
    """The handle that somebody would like: of their name, or else of the first part of their address."""
    for text in (name, email.partition("@")[0], "someone"):
        plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
        handle = re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_")[: LONGEST - 6].strip("-_")
        if handle:
            return handle
    raise AssertionError("the last text is one")


def free(wished: str, taken: Collection[str]) -> str:
    """The same, with a number behind it if others have it."""
    if wished not in taken:
        return wished
    return next(handle for number in range(2, 10**5) if (handle := f"{wished}-{number}") not in taken)
