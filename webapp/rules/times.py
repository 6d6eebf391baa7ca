"""When people are left alone, and when their digest comes: hours as the clocks of their zones show them."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from webapp.models.rules import Rhythm, Weekday

_DAYS = list(Weekday)


def quiet_until(now: datetime, zone: tzinfo, start: int | None, end: int | None) -> datetime | None:
    """When the quiet hours end that it is now; None if it is none of them."""
    if start is None or end is None:
        return None
    local = now.astimezone(zone)
    is_quiet = start <= local.hour < end if start < end else local.hour >= start or local.hour < end
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=local.hour >= end)
    return _at(day, end, zone)


def latest_slot(now: datetime, zone: tzinfo, rhythm: Rhythm, hour: int, weekday: Weekday) -> datetime:
    """The last time, up to now, at which a digest was to come."""
    if rhythm is Rhythm.HOURLY:
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    day = now.astimezone(zone).date()
    if rhythm is Rhythm.WEEKLY:
        day -= timedelta(days=(day.weekday() - _DAYS.index(weekday)) % 7)
    slot = _at(day, hour, zone)
    step = timedelta(days=7 if rhythm is Rhythm.WEEKLY else 1)
    return slot if slot <= now else _at(day - step, hour, zone)


def _at(day: date, hour: int, zone: tzinfo) -> datetime:
    """The hour of a day. One that clocks leave out comes after the gap; of one that they show twice, the first."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
