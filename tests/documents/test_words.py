"""What a word is: the database and Python say the same, whatever the script."""

import random
import unicodedata

import pytest

from webapp.db import db
from webapp.text.words import LONGEST, normal, places, words

ALL = [chr(at) for at in range(1, 0x110000) if not 0xD800 <= at < 0xE000 and unicodedata.category(chr(at)) != "Cn"]
SAME = db.text(
    "SELECT array(SELECT search_words(text) FROM unnest(:texts) WITH ORDINALITY AS each(text, n) ORDER BY n)"
)


# What humps and signs are made of, so that they come often.
PIECES = "aabBZ09++#..net NET|\u0301\u200béÄК ß日한ﬁ™👍🏽\x01\x02\x03\x04\n"


def forms(word: str) -> list[str]:
    """By what a word of a normal text is found: whole, by each of its parts, and with and without its signs."""
    parts = word.split("|")
    each = ["".join(parts), *(part for part in parts if len(part) > 1 < len(parts))]
    both = (form for one in each for form in (one, one.strip("+#.")))
    return list(dict.fromkeys(form[:LONGEST] for form in both))


def test_and_on_what_has_humps_and_signs(app):
    dice = random.Random(7)
    for letters in (PIECES, "aabBZ09++#..netNET |\x01\x04"):
        texts = ["".join(dice.choice(letters) for _ in range(20)) for _ in range(4000)]
        with app.app_context():
            assert db.session.scalar(SAME, {"texts": texts}) == [normal(text) for text in texts]


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
        ("C++, C# (F#) .NET ASP.NET c++17", ["c++", "c#", "f#", ".net", "asp", ".net", "c++", "17"]),
        ("Ｃ＋＋ C#で g++ foo#12 ## x+", ["c++", "c#", "で", "g++", "foo", "12", "x"]),
        ("example.network node.js a/b", ["example", "network", "node", "js", "a", "b"]),
        ("getUserName HTTPServer URLs", ["getusername", "httpserver", "urls"]),
        ("foo\u200bbar co\u00adop a\u2060b x\ufeffy \u202ez\u202c", ["foobar", "coop", "ab", "xy", "z"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("👍🏽👍 👩\u200d💻 🇩🇪 ❤️ ✅done 1️⃣", ["👍", "👍", "👩", "💻", "🇩", "🇪", "❤", "✅", "done", "1"]),
        ("→ ─── ∑ ▶", []),
        ("a\x01b\x04c|d", ["a", "b", "c", "d"]),
    ],
)
def test_words_are_letters_and_digits(text, parts):
    assert words(text) == parts


PLACED = """
SELECT array_agg(DISTINCT lexeme), count(DISTINCT place)
FROM unnest(search_part(:words, 'A')) AS one, unnest(one.positions) AS place
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("getUserName", ["getusername", "get", "user", "name"]),
        ("HTTPServer", ["httpserver", "http", "server"]),
        ("MD5Hash", ["md5hash", "md5", "hash"]),
        ("iPhone", ["iphone", "phone"]),
        ("größeÄndern", ["grosseandern", "grosse", "andern"]),
        ("myC++", ["myc++", "myc", "c++", "my", "c"]),
        ("C#", ["c#", "c"]),
        (".NET", [".net", "net"]),
        ("URLs", ["urls"]),
        ("0x1F", ["0x1f"]),
    ],
)
def test_a_word_is_found_by_its_parts_and_without_its_signs_in_one_place(app, text, found):
    (word,) = normal(text).split()
    with app.app_context():
        stored, places = db.session.execute(db.text(PLACED), {"words": word}).one()
    assert (sorted(stored), places) == (sorted(forms(word)), 1) == (sorted(found), 1)


@pytest.mark.parametrize("text", ["Größe: 5 km", "foo_bar.baz", "パス が 日本", "a ﬁne day"])
def test_every_word_is_told_with_its_place(text):
    assert [words(text[begin:end]) for begin, end in places(text, frozenset(words(text)))] == [
        [one] for one in words(text)
    ]
