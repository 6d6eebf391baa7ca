"""Guessing passwords gets slower: each failure beyond a few doubles the wait, up to a quarter of an hour.

Counted per address (a /24 or /64), per account, and per pair of both. The pair is strict; the other two are
generous, as an office shares an address and anybody can fail on somebody else's account. A browser that was logged
in to the account before is counted by itself instead of by account and pair: only its own failures slow it.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from webapp.auth import repository
from webapp.db import transaction
from webapp.errors import TooMany
from webapp.origins import network

FREE = {"pair": 5, "account": 30, "address": 100}
LONGEST = 900  # seconds
FORGOTTEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at an address tries to log in to an account; `device` is a browser that is known to it."""

    address: str
    account: str
    device: str | None = None

    @property
    def keys(self) -> dict[str, str]:
        account = sha256(self.account.casefold().encode()).hexdigest()[:32]
        own = network(self.address)
        if self.device is not None:
            return {f"device:{self.device}:{account}": "pair", f"address:{own}": "address"}
        return {
            f"pair:{own}:{account}": "pair",
            f"account:{account}": "account",
            f"address:{own}": "address",
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody who knows the password of an account tries to show its second factor.

    Counted by the account from wherever it is tried, and apart from passwords: a right one forgets no wrong code.
    A browser that was logged in to the account before is counted by itself.
    """

    user_id: int
    device: str | None = None

    @property
    def keys(self) -> dict[str, str]:
        return {f"factor:{self.device or ''}:{self.user_id}": "pair"}


def require_patience(attempt: Attempt | Proof) -> None:
    """Raises TooMany while the attempt has to wait."""
    keys = attempt.keys
    waits = [_wait(count, FREE[keys[key]]) - age for key, count, age in repository.failures(list(keys), FORGOTTEN)]
    if waits and (longest := max(waits)) > 0:
        raise TooMany(retry_after=int(longest) + 1)


@transaction
def count(attempt: Attempt | Proof) -> None:
    """Remember a failure."""
    repository.count_failure(list(attempt.keys), FORGOTTEN)


@transaction
def succeeded(attempt: Attempt | Proof) -> None:
    """Forget the failures of this person, at this address or with their factor, and all that no longer count."""
    repository.forget_failures([key for key, kind in attempt.keys.items() if kind == "pair"], FORGOTTEN)


def _wait(count: int, free: int) -> float:
    return float(min(2 ** min(count - free, 20), LONGEST)) if count >= free else 0.0
