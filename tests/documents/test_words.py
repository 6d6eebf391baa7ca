"""What a word is: the database and Python say the same, whatever the script."""

import random
import unicodedata

import pytest

from webapp.db import db
from webapp.text.words import normal, places, words

ALL = [chr(at) for at in range(1, 0x110000) if not 0xD800 <= at < 0xE000 and unicodedata.category(chr(at)) != "Cn"]
SAME = db.text(
    "SELECT array(SELECT search_words(text) FROM unnest(:texts) WITH ORDINALITY AS each(text, n) ORDER BY n)"
)


def test_python_and_the_database_agree_on_every_character(app):
    with app.app_context():
        for at in range(0, len(ALL), 20_000):
            texts = [f"a{character}B" for character in ALL[at : at + 20_000]]
            assert db.session.scalar(SAME, {"texts": texts}) == [normal(text) for text in texts]


def test_and_on_any_mixture(app):
    dice = random.Random(4)
    texts = ["".join(dice.choice(ALL) for _ in range(12)) for _ in range(2000)]
    with app.app_context():
        assert db.session.scalar(SAME, {"texts": texts}) == [normal(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("std::vec E0308", ["std", "vec", "e0308"]),
        ("src/foo_bar.py:12", ["src", "foo", "bar", "py", "12"]),
        ("1e5 0x1F -3.14", ["1e5", "0x1f", "3", "14"]),
        ("Größe Łódź Ærø", ["grosse", "lodz", "aero"]),
        ("Падает ёлка", ["падает", "елка"]),
        ("ΛΌΓΟΣ λόγος", ["λογοσ", "λογοσ"]),
        ("日本語", ["日", "本", "語"]),
        ("한국", ["한", "국"]),
        ("ﬁne ™", ["fine", "tm"]),
        ("مُحَمَّد", ["محمد"]),
        ("+++ & | ! <-> :* ' \\", []),
        ("x" * 100, ["x" * 64]),
    ],
)
def test_words_are_letters_and_digits(text, parts):
    assert words(text) == parts


@pytest.mark.parametrize("text", ["Größe: 5 km", "foo_bar.baz", "パス が 日本", "a ﬁne day"])
def test_every_word_is_told_with_its_place(text):
    assert [words(text[begin:end]) for begin, end in places(text, set(words(text)))] == [[one] for one in words(text)]
