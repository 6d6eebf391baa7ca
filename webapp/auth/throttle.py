"""Guessing passwords gets slower: each failure beyond a few doubles the wait, up to a quarter of an hour.

Counted per address (a /24 or /64), per account, and per pair of both. The pair is strict; the other two are
generous, as an office shares an address and anybody can fail on somebody else's account. A browser that was logged
in to the account before is counted by itself instead of by account and pair: only its own failures slow it.

Registrations are counted per address as well, failed or not, since each costs a hash.

What costs much and is nobody's mistake has an allowance: some at once, and then so many a second. It is a person's
or, of those who are not logged in, that of their network.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from math import ceil

from sqlalchemy.exc import DBAPIError

from webapp.access import Viewer
from webapp.auth import repository
from webapp.db import READ_ONLY, apart, transaction
from webapp.errors import TooMany

FREE = {"pair": 5, "account": 30, "address": 100, "registration": 20}
LONGEST = 900  # seconds
FORGOTTEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many at once, and how many a second come back. It is whole again before it is FORGOTTEN."""

    at_once: int
    a_second: float


ALLOWANCES = {
    ("search", "person"): Allowance(60, 1),
    ("search", "network"): Allowance(120, 2),
    ("upload", "person"): Allowance(300, 0.1),
    ("mail", "person"): Allowance(200, 200 / 3600),
    ("link", "network"): Allowance(10, 10 / 3600),
    ("link", "account"): Allowance(3, 3 / 3600),
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at an address tries to log in to an account; `device` is a browser that is known to it."""

    address: str
    account: str
    device: str | None = None

    @property
    def keys(self) -> dict[str, str]:
        account = sha256(self.account.casefold().encode()).hexdigest()[:32]
        network = _network(self.address)
        if self.device is not None:
            return {f"device:{self.device}:{account}": "pair", f"address:{network}": "address"}
        return {
            f"pair:{network}:{account}": "pair",
            f"account:{account}": "account",
            f"address:{network}": "address",
        }


@dataclass(frozen=True, slots=True)
class Registration:
    """Somebody at an address makes an account."""

    address: str

    @property
    def keys(self) -> dict[str, str]:
        return {f"registration:{_network(self.address)}": "registration"}


def require_patience(attempt: Attempt | Registration) -> None:
    """Raises TooMany while the attempt has to wait."""
    keys = attempt.keys
    waits = [_wait(count, FREE[keys[key]]) - age for key, count, age in repository.failures(list(keys), FORGOTTEN)]
    if waits and (longest := max(waits)) > 0:
        raise TooMany(retry_after=int(longest) + 1)


@transaction
def count(attempt: Attempt | Registration) -> None:
    """Remember a failure, or that there was a registration."""
    repository.count_failure(list(attempt.keys), FORGOTTEN)


@transaction
def succeeded(attempt: Attempt) -> None:
    """Forget the failures of this person at this address, and everybody's that no longer count."""
    repository.forget_failures([key for key, kind in attempt.keys.items() if kind == "pair"], FORGOTTEN)


def spend(what: str, by: Viewer | None, address: str = "") -> None:
    """Take one from the allowance of `by`, or of the network that the address is in. Raises TooMany if none is left.

    Whoever is refused spends nothing. A database that only reads counts nothing, and refuses nobody.
    """
    whose = "network" if by is None else "person"
    allowance = ALLOWANCES[what, whose]
    key = f"{what}:{whose}:{_network(address) if by is None else by.id}"
    try:
        missing = _spend(key, allowance)
    except DBAPIError as error:
        if getattr(error.orig, "pgcode", None) != READ_ONLY:
            raise
        return
    if missing > 0:
        raise TooMany(retry_after=ceil(missing / allowance.a_second))


def may_write_to(address: str) -> bool:
    """Take one from the mails that an address, in any case, gets on anybody's wish; whether there was one left.

    Nobody is told: whoever asks in another's name must not be able to find out, or to keep them from asking.
    """
    account = sha256(address.casefold().encode()).hexdigest()[:32]
    return _spend(f"link:account:{account}", ALLOWANCES["link", "account"]) <= 0


@apart
def _spend(key: str, allowance: Allowance) -> float:
    return repository.spend(key, allowance.at_once, allowance.a_second)


def _wait(count: int, free: int) -> float:
    return float(min(2 ** min(count - free, 20), LONGEST)) if count >= free else 0.0


def _network(address: str) -> str:
    """The /24 or /64 that the address lies in: one household or office."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
