"""Passwords: hashed with bcrypt, at most one at a time a process, and never cheaper for an unknown person.

bcrypt reads 72 bytes at most and stops making sense at a NUL, so it is given a digest of the password:
always 64 characters, whatever was typed. The digest is keyed with a label of our own, so that digests leaked
elsewhere cannot be tried against our hashes.
"""

import base64
import hmac
import unicodedata
from collections.abc import Sequence

import bcrypt

from webapp.gates import Gate

COST = 12
SCHEME = "c1:"
LABEL = b"cairn password c1"
JUDGED = 32  # characters
READINGS = 24

# One hash takes a quarter of a second of a core.
gate = Gate(waiting=2, patience=3.0, refusal="Many people are logging in at the moment. Try again in a few seconds.")


def hashed(password: str) -> str:
    """The password as it is stored. Raises Unavailable when too many logins wait."""
    with gate.turn():
        return SCHEME + bcrypt.hashpw(_digest(password), bcrypt.gensalt(COST)).decode()


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password; the same work for a person without one.

    A stored hash that is not one of ours never matches. Raises Unavailable when too many logins wait.
    """
    known = stored is not None and stored.startswith(SCHEME)
    target = stored.removeprefix(SCHEME) if stored is not None and known else _nobodys()
    with gate.turn():
        try:
            right = bcrypt.checkpw(_digest(password), target.encode())
        except ValueError:
            return False
    return right and known


def outdated(stored: str) -> bool:
    """Whether the hash was made with another cost than today's, so that the next login should renew it."""
    return not stored.startswith(f"{SCHEME}$2b${COST:02d}$")


def guessable(password: str, words: Sequence[str]) -> bool:
    """Whether a million guesses would find it. `words` are the person's own: name, address.

    Raises Unavailable when too many logins wait.
    """
    from zxcvbn import zxcvbn  # its dictionaries take a moment to load, and only new passwords need them

    with gate.turn():
        return int(zxcvbn(_judged(password), user_inputs=["cairn", *words])["score"]) < 2


def _judged(password: str) -> str:
    """The beginning of a password that can be judged in a few hundredths of a second.

    zxcvbn reads the whole text once for each way to take its signs for letters (4 and @ for a, 1 for i or l).
    There may be hundreds, and then a text of 72 characters takes four seconds of a core.
    """
    from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

    for end in range(1, JUDGED + 1):
        if len(enumerate_l33t_subs(relevant_l33t_subtable(password[:end], L33T_TABLE))) > READINGS:
            return password[: end - 1]
    return password[:JUDGED]


def _digest(password: str) -> bytes:
    plain = unicodedata.normalize("NFC", password).encode()
    return base64.b64encode(hmac.digest(LABEL, plain, "sha384"))


def _nobodys() -> str:
    """A hash of today's cost that no password matches in practice, for the work alone."""
    return f"$2b${COST:02d}$" + "abcdefghijklmnopqrstuu" + "k" * 31
