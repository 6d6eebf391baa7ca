"""What a letter says: the same as text and as HTML, of one template, for a terminal and for any mail program."""

import re
import unicodedata
from datetime import UTC, datetime

import pytest
from jinja2 import UndefinedError

from tests.mail.conftest import WORDS, letter
from webapp.config import ROOT
from webapp.mail import composing, terminal
from webapp.mail.drawing import draw
from webapp.mail.rows import MailRow, Reader

AT = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


@pytest.fixture
def drawn(mailing, composed):
    """A letter as its reader gets it."""

    def draws(words=WORDS, *, zone="UTC", **given):
        composed("thing", None, words)
        reader = Reader(1, "Ada", "ada@example.com", zone, is_active=True)
        return draw(MailRow(1, "thing", {}, "<1@cairn.test>", AT, AT, False, reader), letter(**given))

    return draws


def columns(line):
    return sum(
        0
        if unicodedata.category(one) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(one) in "WF"
        else 1
        for one in line
    )


LONG = {
    "latin": "Every stone of this wall was laid by hand, one after the other, and each has a name of its own. " * 4,
    "chinese": "每一块石头都是用手一块一块地砌起来的，而且每一块都有自己的名字。" * 6,
    "hebrew": "כל אבן בחומה הזאת הונחה ביד, אחת אחרי השנייה. " * 6,
    "code": "    return stone.position(of=wall, at=time) if stone is not None else nothing_at_all(for_ever, and_ever)",
}


@pytest.mark.parametrize("said", LONG.values(), ids=LONG)
def test_a_terminal_shows_it_in_72_columns(drawn, said):
    text = drawn(said=said, title=said[:150], why=said).text
    assert max(map(columns, text.splitlines())) <= 72
    assert not [line for line in text.splitlines() if line != line.rstrip() and line != "-- "]
    whole = "".join(text.split())
    assert "".join(said.split()) in whole


def test_an_address_is_never_cut(drawn):
    address = "https://example.com/" + "very/" * 30
    assert f"  {address}\n" in drawn(said=f"See {address} there").text


def test_what_was_written_in_lines_stays_in_them(drawn):
    text = drawn(said="One\r\n    two\n\n- three\x1b[31m\x07").text
    assert "\n  One\n      two\n\n  - three[31m\n" in text


def test_text_and_html_say_the_same(drawn):
    one = drawn()
    html = " ".join(re.sub("<[^>]+>", " ", one.html.partition("<body")[2].partition(">")[2]).split())
    for words in (
        "A stone is loose",
        "Bob wrote about",
        "The second thing",
        "Look at it",
        "You take part",
    ):
        assert words in one.text
        assert words in html
    for link in re.findall(r"https://\S+", one.text):
        assert f'href="{link}"' in one.html


def test_markdown_is_drawn_where_it_can_be(drawn):
    said = "It **moves**, see [that](https://example.com/a?b&c):\n\n- [x] `lean()`\n\n> so\n\n```\nx < 1\n```\n\n|a|\n|-|\n|b|"
    one = drawn(said=said)
    assert "  It **moves**, see [that](https://example.com/a?b&c):" in one.text
    for part in (
        "<strong>moves</strong>",
        'href="https://example.com/a?b&amp;c"',
        "☑ ",
        "x &lt; 1",
        "<tbody>",
        ">so</p>",
    ):
        assert part in one.html, part
    assert html_is_balanced(one.html)


def test_pictures_are_their_words_and_links_are_whole(drawn):
    html = drawn(said="![a stone](https://example.com/x.png) and [stone.pdf](/attachments/7/stone.pdf)").html
    assert "a stone" in html
    assert 'href="https://cairn.test/attachments/7/stone.pdf"' in html


def html_is_balanced(html):
    """Whether each element that begins also ends, in the right order."""
    open_ones: list[str] = []
    for end, tag, empty in re.findall(r"<(/?)([a-z0-9]+)[^>]*?(/?)>", html.partition("<body")[2]):
        if tag in ("br", "hr", "meta") or empty:
            continue
        if not end:
            open_ones.append(tag)
        elif not open_ones or open_ones.pop() != tag:
            return tag == "body"
    return not open_ones


def test_a_terminal_shows_whole_links_too(drawn):
    said = "![a stone](/attachments/8/stone.png) and [stone.pdf](</attachments/7/a stone.pdf>), not [x](//evil.test) nor `a](b/c`"
    text = drawn(said=said).text
    for whole in (
        "(https://cairn.test/attachments/8/stone.png)",
        "(<https://cairn.test/attachments/7/a",
        "(//evil.test)",
        "a](b/c",
    ):
        assert whole in text


def test_the_text_of_others_is_no_markup(drawn):
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)>" style="x'
    html = drawn(title=evil, who=evil, said=evil, why=evil).html
    assert "<script" not in html
    assert "<img" not in html
    assert 'style="x' not in html


def test_nothing_is_loaded_and_nothing_runs(drawn):
    html = drawn().html
    assert not re.search(
        r"<(?:script|img|link|iframe|object|embed|video|audio|form)\b|\ssrc=|url\(|@import|\son\w+=", html
    )
    assert "prefers-color-scheme:dark" in html


def test_times_are_those_of_the_reader(drawn):
    assert "on 1 Jul 2026, 22:30 UTC." in drawn(at=AT).text
    assert "on 2 Jul 2026, 00:30 CEST." in drawn(at=AT, zone="Europe/Berlin").text
    assert "on 1 Jul 2026, 22:30 UTC." in drawn(at=AT, zone="Nowhere/Else").text


def test_words_from_right_to_left_turn_nothing_around_them(drawn):
    one = drawn(who="שרה", title="אבן")
    assert "\u2068שרה\u2069 wrote about \u2068אבן\u2069 on a day." in one.text
    assert one.subject == "אבן"


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        ("{% block subject %}x{% endblock %}{% block lines %}{{ nobody }}{% endblock %}", UndefinedError, "nobody"),
        ("{% block subject %}x{% endblock %}{% block lines %}Stray{% endblock %}", ValueError, "Stray"),
        (
            "{% block subject %}x{% endblock %}{% block lines %}{{ action('x', who) }}{% endblock %}",
            ValueError,
            "path",
        ),
    ],
)
def test_a_template_that_is_wrong_makes_no_mail(drawn, words, error, said):
    with pytest.raises(error, match=said):
        drawn(words)


def test_every_kind_has_its_words(migrated):
    kinds = set(composing._composers)
    assert "test" in kinds
    missing = [kind for kind in sorted(kinds) if not (ROOT / f"templates/mail/{kind}.txt").exists()]
    assert not missing, f"Write templates/mail/<kind>.txt of {missing}"
    named = {path.stem for path in (ROOT / "templates/mail").glob("*.txt")}
    assert named == kinds, "A template whose mails nobody composes"


def test_width_is_that_of_a_terminal():
    assert [terminal.width(one) for one in ("ab", "修复", "e\u0301", "\u2068a\u2069")] == [2, 4, 1, 1]
