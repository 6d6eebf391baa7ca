"""Cards that several move to the same place at the same moment."""

import pytest

from tests.server.test_members_at_once import ROUNDS, at_once

CARDS = 8


@pytest.fixture
def wall(server, ada):
    """A project with a board of some cards."""
    wall = server.project(ada)
    for number in range(CARDS):
        server.ask("POST", f"{wall}/issues", {"title": f"Stone {number + 1}"}, by=ada)
    return wall


def cards(server, ada, wall):
    """The numbers in a column, from the top."""
    return [card["number"] for card in server.ask("GET", f"{wall}/board", by=ada).json["columns"][0]["items"]]


def moves(wall, ada, numbers, **where):
    return [("POST", f"{wall}/board/moves", {"number": number, **where}, ada) for number in numbers]


@pytest.mark.parametrize("where", [{"place": "top"}, {"place": "bottom"}, {"after": 1}, {"before": 1}], ids=str)
def test_each_has_a_place_of_its_own(server, ada, wall, where):
    server.ask(*moves(wall, ada, [1], place="bottom")[0][:3], by=ada)
    moved = range(2, 6)
    for _ in range(ROUNDS):
        answers = at_once(server, *moves(wall, ada, moved, **where))
        assert [answer.status for answer in answers] == [200] * len(moved)
        assert len({answer.json["rank"] for answer in answers}) == len(moved)
        shown = cards(server, ada, wall)
        assert sorted(shown) == list(range(1, CARDS + 1))
        by_rank = sorted(moved, key=lambda number: answers[number - 2].json["rank"])
        assert [number for number in shown if number in moved] == by_rank


def test_there_is_room_between_any_two_afterwards(server, ada, wall):
    for _ in range(ROUNDS):
        at_once(server, *moves(wall, ada, range(1, 6), place="top"))
    before = cards(server, ada, wall)
    last = before[-1]
    for above in before[:-2]:
        assert server.ask(*moves(wall, ada, [last], after=above)[0][:3], by=ada).status == 200
        shown = cards(server, ada, wall)
        assert shown[shown.index(above) + 1] == last
        assert [number for number in shown if number != last] == before[:-1]


def test_a_card_that_two_move_at_once_is_in_one_column(server, ada, wall):
    for _ in range(4 * ROUNDS):
        to = [moves(wall, ada, [1], column=column)[0] for column in ("Todo", "In progress", "Backlog")]
        assert [answer.status for answer in at_once(server, *to)] == [200] * len(to)
        columns = server.ask("GET", f"{wall}/board", by=ada).json["columns"]
        assert sum(card["number"] == 1 for column in columns for card in column["items"]) == 1
