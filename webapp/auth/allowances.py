"""What costs much and is nobody's mistake has an allowance: some at once, and then so many a second.

It is a person's or, of those who are not logged in, that of their network; what costs most has another one for all
people of a network `together`. The database counts by its own clock, so all workers and hosts count as one. What was
counted may be forgotten by a crash.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from math import ceil

from webapp import hashing
from webapp.access import Viewer
from webapp.auth import repository
from webapp.config import Settings
from webapp.db import apart
from webapp.errors import TooMany
from webapp.faults import DBAPIError, state
from webapp.origins import network
from webapp.pooling import READ_ONLY
from webapp.quotas import Quota


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many at once, and how many a second come back. It is whole again before throttle.FORGOTTEN."""

    at_once: int
    a_second: float

    def times(self, factor: float) -> "Allowance":
        """The same for a larger or smaller house; never none at all."""
        return Allowance(max(1, round(self.at_once * factor)), self.a_second * factor)


def _a_minute(most: int) -> Allowance:
    return Allowance(most, most / 60)


def _an_hour(most: int) -> Allowance:
    return Allowance(most, most / 3600)


ALLOWANCES = {
    ("search", "person"): _a_minute(60),
    ("search", "network"): _a_minute(30),
    ("comment", "person"): _a_minute(30),
    ("issue", "person"): _a_minute(60),
    ("creation", "person"): _a_minute(60),
    ("change", "person"): _a_minute(60),
    ("preview", "person"): _a_minute(60),
    ("project", "person"): _an_hour(20),
    ("project", "together"): _an_hour(200),
    ("export", "person"): _an_hour(4),
    ("export", "network"): _an_hour(4),
    ("export", "together"): _an_hour(100),
    ("report", "person"): _an_hour(20),
    ("upload", "person"): Allowance(300, 0.1),
    ("registration", "network"): _an_hour(10),
    ("mail", "person"): _an_hour(200),
    ("link", "network"): _an_hour(10),
    ("link", "account"): _an_hour(3),
}
# Of these there is an allowance for each project.
IN_EACH_PROJECT = {"export"}

_factor = 1.0


def configure(settings: Settings) -> None:
    """Read how generous this house is."""
    global _factor
    _factor = settings.limit_factor


def spend(what: str, by: Viewer | None, address: str = "", project: str = "", token: str = "") -> Quota | None:
    """Take one from the allowance of `by`, or of the network that the address is in. Raises TooMany if none is left.

    A feed's `token` counts for itself: one machine may ask with those of many people.

    Whoever is refused spends nothing of theirs, and none of what others share with them. Returns what is left. A
    database that only reads counts nothing, and refuses nobody; neither does a house without limits.
    """
    if not _factor:
        return None
    try:
        own, *_ = [_taken(what, whose, who) for whose, who in _payers(what, by, address, project, token)]
    except DBAPIError as error:
        if state(error) != READ_ONLY:
            raise
        return None
    return own


def may_write_to(address: str) -> bool:
    """Take one from the mails that an address, in any case, gets on anybody's wish; whether there was one left.

    Nobody is told: whoever asks in another's name must not be able to find out, or to keep them from asking.
    """
    account = sha256(address.casefold().encode()).hexdigest()[:32]
    allowance = ALLOWANCES["link", "account"].times(_factor)
    return not _factor or _spend(f"link:account:{account}", allowance) <= allowance.at_once


def _payers(what: str, by: Viewer | None, address: str, project: str, token: str) -> Iterator[tuple[str, str]]:
    """Whose allowances it takes from: the own first, so that others pay nothing for what that refuses."""
    if by is not None:
        whose, own = "person", str(by.id)
    else:
        whose, own = "network", hashing.of_token(token).hex()[:32] if token else network(address)
    yield whose, f"{own}:{project}" if what in IN_EACH_PROJECT else own
    if by is not None and address and (what, "together") in ALLOWANCES:
        yield "together", network(address)


def _taken(what: str, whose: str, who: str) -> Quota:
    allowance = ALLOWANCES[what, whose].times(_factor)
    spent = _spend(f"{what}:{whose}:{who}", allowance)
    most, a_second = allowance.at_once, allowance.a_second
    left = max(0, int(most - spent))
    quota = Quota(what, most, ceil(most / a_second), left, ceil(min(spent, most) / a_second))
    if spent > most:
        raise TooMany(ceil((spent - most) / a_second), quota)
    return quota


@apart
def _spend(key: str, allowance: Allowance) -> float:
    return repository.spend(key, allowance.at_once, allowance.a_second)
