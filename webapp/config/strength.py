"""Whether a key is one that nobody guesses."""

import math
from string import ascii_lowercase, ascii_uppercase, digits

PLACEHOLDERS = ("changeme", "change-me", "secret", "password", "placeholder", "example", "cairn")
# What fingers go along when they make up a key. Short pieces of it come up by chance as well, and count as such.
ROWS = (ascii_lowercase, "01234567890", "qwertyuiopasdfghjklzxcvbnm")
LINES = tuple(line for row in ROWS for line in (row, row[::-1]))
# Below the 128 of 32 hexadecimal digits, as chance repeats a piece now and then: of 40,000 none has less than 118.
STRONG = 100  # bits


def refuse_weak(name: str, key: str) -> None:
    """Raises ValueError, which begins with the name, for a key that somebody could guess."""
    if len(key.encode()) < 32:
        raise ValueError(f"{name}: must have at least 32 characters")
    if _bits(key) < STRONG or any(word in key.lower() for word in PLACEHOLDERS):
        raise ValueError(f"{name}: is a placeholder or too regular; try `openssl rand -hex 32`")


def _bits(key: str) -> float:
    """How much chance there may be in a key. What repeats, or goes along a line, is told by where and how long."""
    kinds = ("abcdef", "ghijklmnopqrstuvwxyz", ascii_uppercase, digits)
    signs = sum(len(kind) for kind in kinds if set(kind) & set(key)) + len(set(key) - set("".join(kinds)))
    each, piece = math.log2(signs), 2 * math.log2(len(key))
    bits, at = 0.0, 0
    while at < len(key):
        known = _known(key, at)
        bits += min(max(known, 1) * each, each + piece)
        at += max(known, 1)
    return bits


def _known(key: str, at: int) -> int:
    """How many signs from here on stood before in the same order, or stand in a line."""
    for end in range(at + 1, len(key) + 1):
        part = key[at:end]
        if key.find(part, 0, end - 1) < 0 and not any(part.lower() in line for line in LINES):
            return end - 1 - at
    return len(key) - at
