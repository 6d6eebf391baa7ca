"""Passwords: hashed with bcrypt, at most one at a time a process, and never cheaper for an unknown person.

bcrypt reads 72 bytes at most and stops making sense at a NUL, so it is given a digest of the password:
always 64 characters, whatever was typed. The digest is keyed with a label of our own, so that digests leaked
elsewhere cannot be tried against our hashes.
"""

import base64
import hmac
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import bcrypt

from webapp.errors import Unavailable

COST = 12
SCHEME = "c1:"
LABEL = b"cairn password c1"
WAITING = 2
PATIENCE = 3.0  # seconds

# One hash takes a quarter of a second of a core. The first semaphore keeps the others' pages alive,
# the second keeps a flood of logins from taking all threads to wait in.
_hashing = threading.BoundedSemaphore(1)
_room = threading.BoundedSemaphore(1 + WAITING)


def hashed(password: str) -> str:
    """The password as it is stored. Raises Unavailable when too many logins wait."""
    with _turn():
        return SCHEME + bcrypt.hashpw(_digest(password), bcrypt.gensalt(COST)).decode()


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password; the same work for a person without one.

    A stored hash that is not one of ours never matches. Raises Unavailable when too many logins wait.
    """
    known = stored is not None and stored.startswith(SCHEME)
    target = stored.removeprefix(SCHEME) if stored is not None and known else _nobodys()
    with _turn():
        try:
            right = bcrypt.checkpw(_digest(password), target.encode())
        except ValueError:
            return False
    return right and known


def outdated(stored: str) -> bool:
    """Whether the hash was made with another cost than today's, so that the next login should renew it."""
    return not stored.startswith(f"{SCHEME}$2b${COST:02d}$")


def guessable(password: str, words: Sequence[str]) -> bool:
    """Whether a million guesses would find it. `words` are the person's own: name, address."""
    from zxcvbn import zxcvbn  # its dictionaries take a moment to load, and only a registration needs them

    # It refuses more than 72 characters; a password longer than that is judged by its beginning.
    return int(zxcvbn(password[:72], user_inputs=["cairn", *words])["score"]) < 2


def _digest(password: str) -> bytes:
    plain = unicodedata.normalize("NFC", password).encode()
    return base64.b64encode(hmac.digest(LABEL, plain, "sha384"))


def _nobodys() -> str:
    """A hash of today's cost that no password matches in practice, for the work alone."""
    return f"$2b${COST:02d}$" + "abcdefghijklmnopqrstuu" + "k" * 31


@contextmanager
def _turn() -> Iterator[None]:
    if not _room.acquire(blocking=False):
        raise Unavailable("Many people are logging in at the moment. Try again in a few seconds.")
    try:
        if not _hashing.acquire(timeout=PATIENCE):
            raise Unavailable("Many people are logging in at the moment. Try again in a few seconds.")
        try:
            yield
        finally:
            _hashing.release()
    finally:
        _room.release()
