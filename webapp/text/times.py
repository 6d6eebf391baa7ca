"""Times as a query says them: days, months and years, words for days, and distances from now."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from webapp import clock
from webapp.i18n import N_

EXAMPLES = N_("2026-11-23, 2026-11, today or 7d")
_DISTANCE = re.compile(r"([+-]?)([0-9]{1,4})([hdwmy])\Z")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?\Z")
_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`; an instant where both are the same. `distance` tells one said without a sign."""

    start: datetime
    end: datetime
    is_distance: bool = False


def read(source: str, now: datetime, *, ahead: bool = False) -> Span:
    """The span that is meant. A distance without a sign goes back from now, or `ahead`. Raises ValueError.

    `now` is in the time zone of whoever asks; its days are theirs.
    """
    text = source.lower()
    if text in _DAYS:
        return _days(now.date() + timedelta(days=_DAYS[text]), 1, now)
    if match := _DISTANCE.match(text):
        sign, number, unit = match.groups()
        backwards = sign == "-" if sign else not ahead
        at = _away(now, -int(number) if backwards else int(number), unit)
        return Span(at, at, is_distance=not sign)
    if match := _DATE.match(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        return _dated(year or 0, month, day, now)
    raise ValueError(source)


def day_of(at: datetime, now: datetime) -> Span:
    """The whole day of an instant."""
    return _days(at.astimezone(now.tzinfo).date(), 1, now)


def now_in(zone: str | None) -> datetime:
    """This moment as the clocks of a time zone show it."""
    return clock.now().astimezone(ZoneInfo(zone) if zone else UTC)


def _dated(year: int, month: int | None, day: int | None, now: datetime) -> Span:
    first = date(year, month or 1, day or 1)
    if day:
        return _days(first, 1, now)
    if month:
        return _days(first, monthrange(year, month)[1], now)
    return _days(first, (date(year, 12, 31) - first).days + 1, now)


def _days(first: date, number: int, now: datetime) -> Span:
    try:
        after = first + timedelta(days=number)
    except OverflowError:
        raise ValueError(first) from None
    return Span(_midnight(first, now), _midnight(after, now))


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def _away(now: datetime, number: int, unit: str) -> datetime:
    if unit in "my":
        return _months_away(now, number * (12 if unit == "y" else 1))
    hours = {"h": 1, "d": 24, "w": 24 * 7}[unit]
    try:
        return now + timedelta(hours=number * hours)
    except OverflowError:
        raise ValueError(number) from None


def _months_away(now: datetime, number: int) -> datetime:
    year, month = divmod(now.year * 12 + now.month - 1 + number, 12)
    if not 1 <= year <= 9998:
        raise ValueError(number)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))
