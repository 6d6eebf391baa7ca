"""What a process keeps, under what it was made of."""

from datetime import UTC, datetime, timedelta

import pytest

from webapp import clock, keeping
from webapp.db import transaction
from webapp.keeping import BESIDE, SHARE, Keeper, Kind, OutOfDate, fleeting, kept, true_until

TEXT = Kind[str]("text", size=len, comparable=str)


@pytest.fixture
def here(app, monkeypatch):
    monkeypatch.setattr(keeping, "PARANOID", False)
    with app.app_context():
        app.extensions["keeping"].clear()
        yield app.extensions["keeping"]


def test_what_was_made_of_the_same_is_made_once(here):
    made = iter(("first", "second", "third"))
    asked = [kept(TEXT, "a list", edition, lambda: next(made)) for edition in (1, 1, 2, 1)]
    assert asked[:3] == ["first", "first", "second"]
    assert asked[3] == "third"  # of what it was made of before, nothing is left
    assert len(here) == 1


def test_places_and_kinds_are_apart(here):
    other = Kind[str]("other", size=len, comparable=str)
    asked = [kept(kind, place, 1, f"{kind.name} {place}".lower) for kind, place in ((TEXT, 1), (TEXT, 2), (other, 1))]
    assert asked == ["text 1", "text 2", "other 1"]


@pytest.fixture
def at(monkeypatch):
    """The time, which goes on by what is added."""
    now = [datetime(2026, 3, 31, 12, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


def test_what_time_makes_untrue_is_made_again(here, at):
    def made() -> str:
        true_until(at[0] + timedelta(hours=2))
        true_until(at[0] + timedelta(hours=1))
        return f"at {at[0]:%H:%M}"

    asked = [kept(TEXT, 1, 1, made)]
    for minutes in (59, 1):
        at[0] += timedelta(minutes=minutes)
        asked.append(kept(TEXT, 1, 1, made))
    assert asked == ["at 12:00", "at 12:00", "at 13:00"]


def test_the_whole_is_true_no_longer_than_its_parts(here, at):
    def part() -> str:
        true_until(at[0] + timedelta(hours=1))
        return f"at {at[0]:%H:%M}"

    def whole(of: str) -> str:
        return kept(TEXT, of, 1, lambda: kept(TEXT, "part", 1, part))

    assert [whole("first"), whole("second")] == ["at 12:00", "at 12:00"]  # the second's part was there already
    at[0] += timedelta(hours=1)
    assert [whole("first"), whole("second")] == ["at 13:00", "at 13:00"]


def test_what_rests_on_something_uncounted_is_not_kept(here):
    def made() -> str:
        fleeting()
        return next(numbers)

    numbers = iter(("one", "two"))
    assert [kept(TEXT, 1, 1, made), kept(TEXT, 1, 1, made)] == ["one", "two"]
    assert not len(here)


def test_within_a_transaction_nothing_is_kept_and_nothing_kept_is_used(here):
    """What it has changed its counters may tell only at its end, and it may be undone."""
    kept(TEXT, "a list", 1, lambda: "before")

    @transaction
    def change() -> list[str]:
        return [kept(TEXT, place, 1, lambda: "within") for place in ("a list", "another")]

    assert change() == ["within", "within"]
    assert [kept(TEXT, place, 1, lambda: "after") for place in ("a list", "another")] == ["before", "after"]


def test_no_more_bytes_are_kept_than_there_is_room_for():
    keeper = Keeper(most=10 * (BESIDE + 100))
    for place in range(10):
        keeper.put(place, 1, "x", 100)
    assert keeper.get(0, 1)
    keeper.put(10, 1, "x", 100)
    assert [place for place in range(11) if keeper.get(place, 1) is None] == [1]
    assert keeper.bytes == 10 * (BESIDE + 100)
    keeper.put(10, 2, "x", 50)
    assert keeper.bytes == 10 * (BESIDE + 100) - 50


def test_one_huge_answer_takes_no_others_away():
    keeper = Keeper(most=100_000)
    keeper.put("small", 1, "x", 10)
    keeper.put("huge", 1, "x", 100_000 // SHARE)
    assert keeper.get("small", 1)
    assert keeper.get("huge", 1) is None


def test_what_changed_without_its_counters_is_told_with_the_difference(here, monkeypatch):
    monkeypatch.setattr(keeping, "PARANOID", True)
    kept(TEXT, "a list", 1, lambda: "one\ntwo\nthree")
    assert kept(TEXT, "a list", 1, lambda: "one\ntwo\nthree") == "one\ntwo\nthree"
    with pytest.raises(OutOfDate) as error:
        kept(TEXT, "a list", 1, lambda: "one\nanother\nthree")
    assert "-two\n+another" in str(error.value)


def test_applications_keep_their_own(app, settings, here):
    from webapp import create_app

    kept(TEXT, "a list", 1, lambda: "here")
    with create_app(settings).app_context():
        assert kept(TEXT, "a list", 1, lambda: "there") == "there"
