"""What a personal access token looks like: a prefix, 30 random characters, and a sum of these.

The prefix lets a scanner know one that leaked, and the sum lets anybody tell one from a text that only looks alike:
what was mistyped, cut off or invented is refused before the database is asked. The random part has 178 bits.
"""

import secrets
import string
from zlib import crc32

PREFIX = "cairn_pat_"
_SIGNS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _SUM = 30, 6


def made() -> str:
    """A new one."""
    random = "".join(secrets.choice(_SIGNS) for _ in range(_RANDOM))
    return PREFIX + random + _summed(random)


def is_whole(token: str) -> bool:
    """Whether it is one, and nothing of it was lost; whether somebody has it is another question."""
    body = token.removeprefix(PREFIX)
    is_formed = len(body) == _RANDOM + _SUM and body.isascii() and token.startswith(PREFIX)
    return is_formed and body[_RANDOM:] == _summed(body[:_RANDOM])


def _summed(random: str) -> str:
    """The CRC-32 of a text, in six signs."""
    rest, signs = crc32(random.encode()), ""
    for _ in range(_SUM):
        rest, sign = divmod(rest, len(_SIGNS))
        signs = _SIGNS[sign] + signs
    return signs
