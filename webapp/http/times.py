"""Times as pages tell them: in the time zone and the language of whoever the page is for. JSON stays in UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Protocol

from flask import has_request_context

from webapp import clock, keeping, zones
from webapp.access import Viewer
from webapp.errors import CairnError
from webapp.http.application import noted
from webapp.http.identity import viewer
from webapp.i18n import _, formats

# Seconds for which a page that is kept may tell an age that has gone by.
LAG = 60
# What is older has a date.
MONTH = timedelta(days=30)
_SECOND = timedelta(seconds=1)
SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks at a page, and when: the same for all that it tells."""

    reader: Viewer | None
    now: datetime
    zone: tzinfo
    today: date

    @classmethod
    def of(cls, reader: Viewer | None) -> "Look":
        now, zone = clock.now(), zones.named(reader.time_zone if reader else "UTC")
        return cls(reader, now, zone, now.astimezone(zone).date())


def look() -> Look:
    """The look at the page that is being made; nobody's and at this moment, if it is no page at all."""
    try:
        here = noted()
    except LookupError:
        return Look.of(None)
    known: Look | None = here.get("look")
    if known is None:
        known = here["look"] = Look.of(_reader())
    return known


def _reader() -> Viewer | None:
    if not has_request_context():
        return None
    try:
        return viewer()
    except CairnError:
        return None


def reader() -> Viewer | None:
    """Whom the page is for; nobody, if it tells of a bad token or of a deactivated person, or is no page at all."""
    return look().reader


def zone_name() -> str:
    person = reader()
    return person.time_zone if person else "UTC"


def zone() -> tzinfo:
    """The time zone of whoever the page is for."""
    return look().zone


def today() -> date:
    """Which day it is where the reader is."""
    return look().today


class Due(Protocol):
    """What is to be done by a day."""

    @property
    def is_open(self) -> bool: ...
    @property
    def due_on(self) -> date | None: ...


def overdue(thing: Due) -> bool:
    """Whether it should have been done by now, by the reader's calendar."""
    return is_late(thing, today())


def is_late(thing: Due, today: date) -> bool:
    """The same on this day."""
    return thing.due_on is not None and thing.is_open and thing.due_on < today


def ago(at: datetime) -> str:
    """How long ago, in words; after thirty days the date. A page that is kept says the same for a minute."""
    return ago_at(look().now, at)


def ago_at(now: datetime, at: datetime) -> str:
    """The same at this time."""
    return _age(now, at) if is_recent(now, at) else day(at)


def _age(now: datetime, at: datetime) -> str:
    seconds = (now - at) // _SECOND
    for size, name in SPANS:
        if seconds >= size:
            number, rest = divmod(seconds, size)
            keeping.true_until(now + timedelta(seconds=max(LAG, size - rest)))
            return formats.age(number, name)
    keeping.true_until(now + timedelta(seconds=LAG))
    return _("just now")


def on_at(now: datetime, at: datetime, zone: tzinfo, spoken: str) -> str:
    """The same within a sentence, in a zone and a language: a date that stands alone is told otherwise."""
    return _age(now, at) if now - at < MONTH else _on_day(at, zone, spoken)


@lru_cache(maxsize=2_000)
def _on_day(at: datetime, zone: tzinfo, _language: str) -> str:
    return formats.on(day_in(zone, at))


def is_recent(now: datetime, at: datetime) -> bool:
    """Whether it is told how long ago it was, and not when."""
    return now - at < MONTH


def day(at: date | str) -> str:
    """A date, also one that an event has as ISO writes it; of a point in time the one that it has for the reader."""
    at = date.fromisoformat(at) if isinstance(at, str) else at
    return day_in(zone(), at) if isinstance(at, datetime) else formats.day(at)


def day_in(zone: tzinfo, at: date) -> str:
    """The same where somebody is in this zone."""
    return formats.day(at.astimezone(zone) if isinstance(at, datetime) else at)


def moment(at: datetime) -> str:
    """A point in time with its zone: "31 Mar 2026, 14:05 CEST"."""
    return moment_in(zone(), at)


def moment_in(zone: tzinfo, at: datetime) -> str:
    """The same where somebody is in this zone."""
    return formats.moment(at.astimezone(zone))


def iso(at: date) -> str:
    """For machines: always in UTC."""
    if isinstance(at, datetime):
        return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return at.isoformat()
