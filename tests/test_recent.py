"""Things that are remembered for a while."""

from webapp import recent
from webapp.recent import RecentSet


def test_what_was_noted_is_known_for_a_while(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(recent.time, "monotonic", lambda: now[0])  # type: ignore[attr-defined]
    noted = RecentSet(seconds=60, most=10)
    noted.add("a list")
    assert noted.has("a list")
    assert not noted.has("another")
    now[0] = 160.0
    assert not noted.has("a list")


def test_no_more_is_kept_than_there_is_room_for():
    noted = RecentSet(seconds=60, most=2)
    for thing in (1, 2, 1, 3):
        noted.add(thing)
    assert [noted.has(thing) for thing in (1, 2, 3)] == [True, False, True]
