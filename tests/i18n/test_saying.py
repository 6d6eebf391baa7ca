"""What code says."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from webapp.i18n import _, formats, language, languages, ngettext, pgettext, speaking

ENTRIES = """
msgid "Saved."
msgstr "Gesichert."

msgctxt "state"
msgid "Open"
msgstr "Offen"

msgid "%(name)s is taken."
msgstr "%(name)s gibt es schon."

msgid "%(num)s day ago"
msgid_plural "%(num)s days ago"
msgstr[0] "vor einem Tag"
msgstr[1] "vor %(num)s Tagen"

msgid "just now"
msgstr "gerade eben"
"""


@pytest.fixture(autouse=True)
def german_words(written):
    written("de", ENTRIES)


def test_words_are_those_of_the_block():
    assert _("Saved.") == "Saved."
    with speaking("de"):
        assert (_("Saved."), pgettext("state", "Open"), _("Open")) == ("Gesichert.", "Offen", "Open")
        assert _("%(name)s is taken.", name="ada") == "ada gibt es schon."
        with speaking(None):
            assert (language(), _("Saved.")) == ("en", "Saved.")
    assert _("Saved.") == "Saved."


def test_nothing_is_nothing_in_every_language():
    with speaking("de"):
        assert (_(""), pgettext("state", "")) == ("", "")


def test_numbers_are_told_apart():
    words = "%(num)s day ago", "%(num)s days ago"
    assert [ngettext(*words, n) for n in (1, 0, 2000)] == ["1 day ago", "0 days ago", "2,000 days ago"]
    with speaking("de"):
        assert [ngettext(*words, n) for n in (1, 0, 2000)] == ["vor einem Tag", "vor 0 Tagen", "vor 2.000 Tagen"]


def test_what_is_not_offered_is_not_spoken():
    with speaking("fr"):
        assert language() == "en"


def test_threads_speak_for_themselves():
    with speaking("de"), ThreadPoolExecutor(1) as others:
        assert others.submit(language).result() == "en"


AT = datetime(2026, 3, 31, 14, 5, tzinfo=UTC)


def test_formats_of_english_and_german():
    def told():
        return (
            formats.count(12345), formats.percent(40), formats.day(date(2026, 3, 31)), formats.moment(AT),
            formats.age(3, "day"), formats.listed(["a", "b", "c"]), formats.listed(["a"]), formats.listed([]),
        )  # fmt: skip

    english = "12,345", "40 %", "31 Mar 2026", "31 Mar 2026, 14:05 UTC", "3 days ago", "a, b and c", "a", ""
    assert told() == english
    with speaking("de"):
        german = "12.345", "40\xa0%", "31.03.2026", "31.03.2026, 14:05 UTC", "vor 3 Tagen", "a, b und c", "a", ""
        assert told() == german


@pytest.mark.parametrize("code", languages.LANGUAGES)
def test_every_language_has_its_formats(monkeypatch, code):
    monkeypatch.setattr(languages, "OFFERED", tuple(languages.LANGUAGES))
    with speaking(code):
        assert "2026" in formats.day(AT.date())
        assert formats.moment(AT).endswith("14:05 UTC")
        assert formats.count(1234)


def test_ages_are_known_as_such():
    assert formats.ages("en").sub("X", "1 day ago, 5 minutes ago, just now") == "X, X, X"
    assert formats.ages("de").sub("X", "vor einem Tag, vor 3 Tagen, gerade eben") == "X, X, X"


@pytest.mark.parametrize(
    ("octets", "english", "german"),
    [(0, "0 bytes", "0 bytes"), (1, "1 byte", "1 byte"), (1536, "1.5 KiB", "1,5 KiB"), (3 << 20, "3.0 MiB", "3,0 MiB"),
     (5 << 40, "5,120.0 GiB", "5.120,0 GiB")],
)  # fmt: skip
def test_sizes_are_written_as_the_language_does(octets, english, german):
    assert formats.size(octets) == english
    with speaking("de"):
        assert formats.size(octets) == german


def test_what_there_is_to_choose_from():
    assert [formats.one_of(list(one)) for one in ("", "a", "ab", "abc")] == ["", "a", "a or b", "a, b or c"]
    with speaking("de"):
        assert formats.one_of(["a", "b", "c"]) == "a, b oder c"
