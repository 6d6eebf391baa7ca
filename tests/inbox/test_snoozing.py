"""Until when something sleeps, by the clocks of whoever says it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from webapp.inbox.snoozing import read

# A Saturday; the clocks of Berlin go back in the night before.
NOW = datetime(2026, 10, 24, 22, 40, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("later", "2026-10-25T01:40+02:00"),
        ("tomorrow", "2026-10-25T09:00+01:00"),
        ("next-week", "2026-10-26T09:00+01:00"),
        ("Tomorrow ", "2026-10-25T09:00+01:00"),
        ("2026-10-31", "2026-10-31T09:00+01:00"),
        ("2026-10-24T23:00", "2026-10-24T23:00+02:00"),
        ("2026-10-24t21:00z", "2026-10-24T23:00+02:00"),
    ],
)
def test_it_is_read_by_the_clocks_of_who_says_it(said, at):
    assert read(said, NOW) == datetime.fromisoformat(at)


@pytest.mark.parametrize(
    "said", ["", "a day", "now", "2026-10-24", "2026-10-24T20:00Z", "2026-02-30", "2040-01-01", "9999-12-31"]
)
def test_what_is_no_time_to_come_is_refused(said):
    with pytest.raises(ValueError):
        read(said, NOW)
