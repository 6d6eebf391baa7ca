import pytest

from webapp.text.plain import bare, excerpt


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# A *bold* claim\n\nSee [this](https://a.b) `x`.", "A bold claim See this x."),
        ("a\nb<br>c", "a b c"),
        ("<!-- template -->\n- [x] done\n- [ ] open", "done open"),
        ("![shot](https://a.b/c.png)", "shot"),
        ("```\ncode\n```", ""),
        ("Vec<b>\x00 & co", "Vec<b> & co"),
        ("", ""),
    ],
)
def test_an_excerpt_is_plain_words(source, words):
    assert excerpt(source) == words


def test_a_long_one_ends_at_a_word():
    assert excerpt("one two, three", limit=10) == "one two…"


def test_one_without_spaces_ends_anywhere():
    assert excerpt("\u4e2d" * 99, limit=10) == "\u4e2d" * 9 + "…"


def test_what_cannot_be_parsed_is_taken_as_it_is():
    assert excerpt("[" * 9_000, limit=5) == "[[[[…"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('[Moss](/a) and [stone](/b_(c)_d "Told") on ![a path](/p.png)', "Moss and stone on a path"),
        ("[![moss](/m.svg)](/m) grows", "moss grows"),
        ("stones[0] (1)", "stones[0] (1)"),
    ],
)
def test_a_bare_text_has_the_words_of_its_links(source, words):
    assert bare(source) == words


@pytest.mark.parametrize(
    ("source", "left"), [("[moss [stone](/b)", "[moss stone"), ("](/a](/b)", "](/a"), ("](/a(/b](/c)", "](/a(/b")]
)
def test_no_link_is_looked_for_beyond_where_the_next_begins(source, left):
    """So a text of openers alone is gone through once, not from each of them on."""
    assert bare(source) == left
    assert bare(source * 500).count(left) == 500
