"""Whatever is answered without the parser is what the parser and the sanitiser would have made of it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webapp.text import markdown, unmarked

SENTENCES = [
    "Seen today, and again after a restart: it should say what is wrong, and says nothing.",
    "One line\nand another\n\nA new paragraph (with brackets), 50% \"quoted\" and 'quoted'.\n\n\nThe last - at last!",
    "\nIt's a well-known fault; see docs/faults.md, x = 1 + 2…\n",
    "Чинится так: сначала перезапуск.\nГотово",
    "用户不能登录。请看，谢谢！",
]
# Each would be something else than a sentence, were it taken for one.
OTHERS = [
    "", "a *b*", "a_b_", "`a`", "[a](b)", "<b>a</b>", "a & b", "a | b", "see #12", "see DEMO-12", "ask @ada", "www.a.example.org",
    "see WWW.a.org", "http://a.example", "Tada :tada: here", "mailto:a", "- a", "1. a", "1", "> a", "# a", "a  \nb", "a \nb", "a\n===",
    "a\n---", "a\n\n    b", " a", "\ta", "a\\", "a\\\nb", "~~a~~", "a\n: b", "see＃12", "a\u00a0b", "a ", "a\n-",
]  # fmt: skip
PIECES = st.sampled_from([
    "a", "Bc", "DE", "é", "我", "1", "12", " ", "  ", "\n", "\n\n", ".", ",", ":", ": ", "-", " - ", "--", "'", '"', "(", ")",
    "!", "?", "/", "//", "=", "+", "%", "www.", "ww.", "http", "https", "mailto", "…", "–", "：", "＃", "@", "#", "*", "_", "[",
    "]", "`", "~", "|", "<", ">", "&", "&amp;", "\\", "fixes", "1a2b3c4", "smile", "\t", "\r\n", "\u0301", "\u200b", "\u3000",
])  # fmt: skip


def by_the_parser(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unmarked, "html", lambda _: None)
        return markdown.render(text), markdown.find(text).names


@pytest.mark.parametrize("text", SENTENCES)
def test_sentences_are_made_without_the_parser(text):
    assert unmarked.html(text) is not None
    assert by_the_parser(text) == (unmarked.html(text), [])


@pytest.mark.parametrize("text", OTHERS)
def test_what_may_mean_something_is_left_to_it(text):
    assert unmarked.html(text) is None


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=40))
@settings(max_examples=1500, deadline=None)
@example("A:\nb")
def test_both_make_the_same_of_any_text(source):
    text = markdown.tidy(source)
    made = unmarked.html(text)
    assert made is None or (made, []) == by_the_parser(text)


def test_a_hash_in_a_sentence_still_leads_to_its_commit():
    assert "<a " in markdown.render("Mended in 1a2b3c4 today", repository="https://git.example/a")


def test_a_long_text_takes_no_longer_than_its_length():
    assert unmarked.html("a-" * 30_000 + "*") is None
    assert unmarked.html("a\n" * 30_000 + "*") is None
