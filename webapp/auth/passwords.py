"""Passwords: hashed with bcrypt, at most one at a time a process, and never cheaper for an unknown person.

bcrypt reads 72 bytes at most and stops making sense at a NUL, so it is given a digest of the password:
always 64 characters, whatever was typed. The digest is keyed with a label of our own, so that digests leaked
elsewhere cannot be tried against our hashes.
"""

import base64
import hmac
import json
import logging
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import bcrypt

from webapp.errors import Unavailable
from webapp.gates import Gate
from webapp.i18n import N_, _

log = logging.getLogger("cairn.auth")

COST = 12
SCHEME = "c1:"
LABEL = b"cairn password c1"
JUDGE = Path(__file__).with_name("judging.py")
JUDGING = 10.0  # seconds, of which it takes a hundredth

# One hash takes a quarter of a second of a core.
gate = Gate(
    waiting=2, patience=3.0, refusal=N_("Many people are logging in at the moment. Try again in a few seconds.")
)


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

    Raises Unavailable when too many logins wait, or there is no room for the process that judges.
    """
    asked = json.dumps([password, ["cairn", *words]])
    with gate.turn():
        try:
            judgement = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-P", str(JUDGE)],
                input=asked,
                capture_output=True,
                text=True,
                timeout=JUDGING,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as error:
            log.error("password_not_judged: %s", type(error).__name__)
            raise Unavailable(_("Passwords cannot be judged at the moment. Try again in a moment.")) from None
    return int(judgement.stdout) < 2


def _digest(password: str) -> bytes:
    plain = unicodedata.normalize("NFC", password).encode()
    return base64.b64encode(hmac.digest(LABEL, plain, "sha384"))


def _nobodys() -> str:
    """A hash of today's cost that no password matches in practice, for the work alone."""
    return f"$2b${COST:02d}$" + "abcdefghijklmnopqrstuu" + "k" * 31
