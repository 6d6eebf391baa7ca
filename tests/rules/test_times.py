"""Hours as the clocks of people show them, also on days when these are put forward or back."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp import zones
from webapp.models.rules import Rhythm, Weekday
from webapp.rules.times import latest_slot, quiet_until

ZURICH = zones.named("Europe/Zurich")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "start", "end", "until"),
    [
        ("2026-01-10 20:59", 22, 7, None),
        ("2026-01-10 21:00", 22, 7, "2026-01-11 06:00"),
        ("2026-01-11 05:59", 22, 7, "2026-01-11 06:00"),
        ("2026-01-11 06:00", 22, 7, None),
        ("2026-07-10 20:30", 22, 7, "2026-07-11 05:00"),  # summer
        ("2026-03-28 22:00", 22, 7, "2026-03-29 05:00"),  # the night that is an hour shorter
        ("2026-03-28 22:00", 22, 2, "2026-03-29 01:00"),  # two o'clock is left out: three it is
        ("2026-10-24 21:00", 22, 7, "2026-10-25 06:00"),  # the one that is longer
        ("2026-10-25 01:30", 22, 3, "2026-10-25 02:00"),  # half past two for the second time
        ("2026-01-10 11:00", 12, 14, "2026-01-10 13:00"),
        ("2026-01-10 13:00", 12, 14, None),
        ("2026-01-10 12:00", None, None, None),
    ],
)
def test_quiet_hours(now, start, end, until):
    assert quiet_until(at(now), ZURICH, start, end) == (until and at(until))


@pytest.mark.parametrize(
    ("now", "rhythm", "hour", "slot"),
    [
        ("2026-01-10 06:59", Rhythm.DAILY, 8, "2026-01-09 07:00"),
        ("2026-01-10 07:00", Rhythm.DAILY, 8, "2026-01-10 07:00"),
        ("2026-03-29 12:00", Rhythm.DAILY, 2, "2026-03-29 01:00"),  # left out
        ("2026-10-25 12:00", Rhythm.DAILY, 2, "2026-10-25 00:00"),  # shown twice
        ("2026-10-25 01:10", Rhythm.DAILY, 2, "2026-10-25 00:00"),  # for the second time
        ("2026-01-12 07:00", Rhythm.WEEKLY, 8, "2026-01-12 07:00"),  # a Monday
        ("2026-01-12 06:59", Rhythm.WEEKLY, 8, "2026-01-05 07:00"),
        ("2026-04-03 12:00", Rhythm.WEEKLY, 8, "2026-03-30 06:00"),
        ("2026-01-12 06:59", Rhythm.HOURLY, 8, "2026-01-12 06:00"),
    ],
)
def test_slots(now, rhythm, hour, slot):
    assert latest_slot(at(now), ZURICH, rhythm, hour, Weekday.MONDAY) == at(slot)


@pytest.mark.parametrize(
    "zone", ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
@pytest.mark.parametrize("hour", [0, 2, 8, 23])
def test_each_day_of_a_year_has_one_slot(zone, hour):
    moment, slots = at("2026-01-01 00:00"), set()
    while moment < at("2027-01-01 00:00"):
        slots.add(latest_slot(moment, zones.named(zone), Rhythm.DAILY, hour, Weekday.MONDAY))
        moment += timedelta(minutes=30)
    assert len(slots) in (365, 366)
    assert min(later - sooner for sooner, later in zip(sorted(slots), sorted(slots)[1:], strict=False)) >= timedelta(
        hours=23
    )
