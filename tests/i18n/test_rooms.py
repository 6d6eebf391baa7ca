"""Whatever people read goes through gettext, but in rooms that are still to be done."""

from pathlib import Path

from tests.i18n import unsaid

TO_DO = Path(__file__).with_name("rooms_to_do.txt")


def test_nothing_is_said_in_english_alone_but_in_rooms_that_are_to_be_done():
    """The list only gets shorter: `python -m tests.i18n.unsaid ROOM` prints what is left in a room."""
    to_do = set(TO_DO.read_text().split())
    left = [one for one in unsaid.everywhere() if one.room not in to_do]
    assert left == []


def test_a_room_that_is_done_is_not_on_the_list():
    to_do = TO_DO.read_text().split()
    assert to_do == sorted({one.room for one in unsaid.everywhere()} & set(to_do))


def test_what_people_read_is_found_wherever_it_stands():
    assert unsaid.is_said("Save")
    assert not unsaid.is_said("Cairn · 12")
