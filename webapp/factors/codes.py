"""Recovery codes: 120 bits in groups that can be copied from paper, kept as sums alone.

So many bits that nobody finds one by trying, whatever they have read: a slow sum is for what people make up, and one
with a key would be worth nothing once that is replaced.
"""

import secrets

from webapp import hashing

MANY = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another: no i, l, o, 0 or 1
GROUPS, LETTERS_A_GROUP = 6, 4


def made() -> list[str]:
    """Ten new codes."""
    return [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(LETTERS_A_GROUP)) for _ in range(GROUPS))
        for _ in range(MANY)
    ]


def summed(code: str) -> bytes:
    """What is stored of a code."""
    return hashing.of_token(plain(code))


def plain(typed: str) -> str:
    """A code without what people put into it to read it."""
    return "".join(typed.split()).replace("-", "").lower()
