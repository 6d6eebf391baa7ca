"""Whatever people read goes through gettext."""

from tests.i18n import unsaid


def test_nothing_is_said_in_english_alone():
    """`python -m tests.i18n.unsaid ROOM` prints what is, in a room."""
    assert list(unsaid.everywhere()) == []


def test_what_people_read_is_found_wherever_it_stands():
    assert unsaid.is_said("Save")
    assert not unsaid.is_said("Cairn · 12")
