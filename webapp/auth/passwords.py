"""Passwords: hashed with bcrypt, at most one at a time a process, and never cheaper for an unknown person.

bcrypt reads 72 bytes at most and stops making sense at a NUL, so it is given a digest of the password:
always 64 characters, whatever was typed. The digest is keyed with a label of our own, so that digests leaked
elsewhere cannot be tried against our hashes; and with the installation's pepper, if it has one, so that who has only
the database can try nothing at all. Each hash says by what it was made: the next login makes it anew if need be.
"""

import base64
import hmac
import json
import logging
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import bcrypt

from webapp.config import of_this_app
from webapp.errors import Forbidden, Unavailable
from webapp.gates import Gate
from webapp.i18n import N_, _

log = logging.getLogger("cairn.auth")

COST = 12
LABEL = b"cairn password c1"
# In place of a hash: somebody logs in elsewhere, and no password is theirs. Who has nothing at all was imported.
NONE = "elsewhere"
JUDGE = Path(__file__).with_name("judging.py")
JUDGING = 10.0  # seconds, of which it takes a hundredth

# One hash takes a quarter of a second of a core.
gate = Gate(
    waiting=2, patience=3.0, refusal=N_("Many people are logging in at the moment. Try again in a few seconds.")
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """By what a password becomes a digest, and how hashes of that begin."""

    begins: str
    key: bytes

    @classmethod
    def of(cls, pepper: str) -> "Recipe":
        """With a pepper, or without one, if it is empty."""
        if not pepper:
            return PLAIN
        name, key = (hmac.digest(pepper.encode(), text, "sha384") for text in (b"cairn pepper name", LABEL))
        return cls(f"c2:{name.hex()[:8]}:", key)


PLAIN = Recipe("c1:", LABEL)
# How passwords are hashed now, then how they were.
_recipes = [PLAIN]


def configure(peppers: Sequence[str]) -> None:
    """Say when the application is made with what passwords are hashed from now on, and then with what they were."""
    global _recipes
    _recipes = [*map(Recipe.of, peppers), PLAIN]


def hashed(password: str) -> str:
    """The password as it is stored. Raises Unavailable when too many logins wait."""
    recipe = _recipes[0]
    with gate.turn():
        return recipe.begins + bcrypt.hashpw(_digest(password, recipe), bcrypt.gensalt(COST)).decode()


def require_taken() -> None:
    """Go on only where people log in by passwords. Raises Forbidden."""
    if not of_this_app().takes_passwords:
        raise Forbidden(_("Nobody logs in by a password here. Log in at a provider of the login page."))


def is_one(stored: str | None) -> TypeGuard[str]:
    """Whether this was made of a password."""
    return bool(stored) and stored != NONE


def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password; the same work for a person without one.

    A stored hash that is not one of ours never matches. Raises Unavailable when too many logins wait.
    """
    recipe = _recipe_of(stored) if is_one(stored) else None
    target = stored.removeprefix(recipe.begins) if stored and recipe else _nobodys()
    with gate.turn():
        try:
            right = bcrypt.checkpw(_digest(password, recipe or PLAIN), target.encode())
        except ValueError:
            return False
    return right and recipe is not None


def _recipe_of(stored: str) -> Recipe | None:
    """How a hash was made; None if the pepper in it is known no more."""
    for recipe in _recipes:
        if stored.startswith(recipe.begins):
            return recipe
    log.error("password_pepper_missing hash=%s", stored[:11])
    return None


def outdated(stored: str) -> bool:
    """Whether the hash was made with another cost or pepper than today's, so that the next login should renew it."""
    return not stored.startswith(f"{_recipes[0].begins}$2b${COST:02d}$")


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


def _digest(password: str, recipe: Recipe) -> bytes:
    plain = unicodedata.normalize("NFC", password).encode()
    return base64.b64encode(hmac.digest(recipe.key, plain, "sha384"))


def _nobodys() -> str:
    """A hash of today's cost that no password matches in practice, for the work alone."""
    return f"$2b${COST:02d}$" + "abcdefghijklmnopqrstuu" + "k" * 31
