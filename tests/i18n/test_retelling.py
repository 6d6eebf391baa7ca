"""What a worker wrote down in English is said again to each reader."""

import pytest

from webapp.i18n import speaking
from webapp.i18n.retelling import again, kept

ENTRIES = """
msgid "%(host)s is away: %(why)s"
msgstr "Weg ist %(host)s: %(why)s"

msgid "It is closed."
msgstr "Es ist zu."
"""
AWAY = kept("%(host)s is away: %(why)s")


@pytest.mark.parametrize(
    ("told", "german"),
    [
        ("It is closed.", "Es ist zu."),
        (AWAY % {"host": "a.example", "why": "It is closed."}, "Weg ist a.example: Es ist zu."),
        (
            AWAY % {"host": "a.example", "why": "Its words\nof two lines"},
            "Weg ist a.example: Its words\nof two lines",
        ),
        ("250 Taken, 100 %(sure)s", "250 Taken, 100 %(sure)s"),
        ("", ""),
    ],
)
def test_a_reader_hears_it_in_their_language(written, told, german):
    assert again(told) == told
    written("de", ENTRIES)
    with speaking("de"):
        assert again(told) == german
