"""Times as a query says them."""

from datetime import UTC, datetime

import pytest

from webapp.text import times

NOW = datetime(2026, 3, 31, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "start", "end"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2026-02-28", "2026-02-28", "2026-03-01"),
        ("today", "2026-03-31", "2026-04-01"),
        ("Yesterday", "2026-03-30", "2026-03-31"),
        ("2d", "2026-03-29T15:30", "2026-03-29T15:30"),
        ("-2h", "2026-03-31T13:30", "2026-03-31T13:30"),
        ("+1w", "2026-04-07T15:30", "2026-04-07T15:30"),
        ("1m", "2026-02-28T15:30", "2026-02-28T15:30"),
        ("1y", "2025-03-31T15:30", "2025-03-31T15:30"),
    ],
)
def test_a_time_is_a_span(said, start, end):
    span = times.read(said, NOW)
    assert (span.start, span.end) == tuple(datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end))


def test_a_distance_ahead_goes_forward():
    assert times.read("7d", NOW, ahead=True).start == datetime(2026, 4, 7, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "said", ["", "soon", "2026-13", "2026-02-30", "0000", "9999y", "9999-12-31", "٢d", "7x", "99999d"]
)
def test_what_is_no_time_is_refused(said):
    with pytest.raises(ValueError):
        times.read(said, NOW)
