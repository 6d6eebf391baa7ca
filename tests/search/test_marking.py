"""Where words stand in a text: right where they are marked, and without a look at each of its letters."""

import cProfile
import pstats
import random

import pytest

from webapp.search.marking import Needles, marked, snippet
from webapp.text.words import LONGEST, normal, places, words

# Letters with and without marks, of several scripts and lengths, and what parts them.
LETTERS = "abAB19é\u0301ßŒ日本ʼKſKİıﬁΣςแ가각กขñ\u00ad\u200bªÆÅ"
SIGNS = " -_.,’[@{~\x7f\x80\n"


def shown(pieces):
    return "".join(f"<{piece.text}>" if piece.marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("Crash, crashes: CRASH!", {"crash"}, "<Crash>, crashes: <CRASH>!"),
        ("uncrash crash_it crash2", {"crash"}, "uncrash <crash>_it crash2"),
        ("Größe, groesse, große", {"grosse"}, "<Größe>, groesse, <große>"),
        ("std::vec and vec’s vec", {"vec"}, "std::<vec> and <vec>’s <vec>"),
        ("日本語のcrash日本", {"crash", "本"}, "日<本>語の<crash>日<本>"),
        ("aaa aa aaaa aa", {"aa"}, "aaa <aa> aaaa <aa>"),
        ("getUserName, user: HTTPServer USERS", {"user", "server"}, "get<User>Name, <user>: HTTP<Server> USERS"),
        ("getUserName", {"user", "getusername"}, "<getUserName>"),
        ("é getUserName", {"user"}, "é get<User>Name"),
        ("C++ is no C, c++17 is C+", {"c++"}, "<C++> is no C, <c++>17 is C+"),
        ("C# é F# c#x", {"c#"}, "<C#> é F# c#x"),
        (".NET ASP.net .network", {".net"}, "<.NET> ASP<.net> .network"),
        ("👍🏽 or 👩‍💻", {"👍", "💻"}, "<👍>🏽 or 👩‍<💻>"),
        ("a foo\u200bbar", {"foobar"}, "a <foo\u200bbar>"),
        ("x" * 70 + " " + "x" * 63, {"x" * LONGEST}, f"<{'x' * 70}> {'x' * 63}"),
    ],
)
def test_whole_words_are_marked(text, found, expected):
    assert shown(marked(text, Needles(frozenset(found)))) == expected


def test_beginnings_are_marked_with_the_word_that_they_begin():
    assert (
        shown(marked("Crashed crash日本 uncrash", Needles(frozenset(), ("cra",)))) == "<Crashed> <crash>日本 uncrash"
    )


def test_every_word_of_a_text_is_found_in_its_place():
    choose = random.Random(11)
    for _ in range(2000):
        text = "".join(choose.choice(LETTERS * 3 + SIGNS * 4) for _ in range(choose.randint(1, 60)))
        there = words(text)
        # A mark after a sign belongs to nothing, so that what is found one by one is what is found at once.
        if [word for part in text.split() for word in words(part)] != there:
            continue
        assert [words(text[begin:end]) for begin, end in places(text, frozenset(there))] == [[one] for one in there]
        for word in dict.fromkeys(there):
            found = [text[begin:end] for begin, end in places(text, frozenset([word]))]
            assert [words(one) for one in found] == [[word]] * there_as_parts_too(text, word)


def there_as_parts_too(text, word):
    """How often a word stands in a text: where it is whole, once; else as often as it is a part of another."""
    parts = [one.split("|") for one in normal(text).split()]
    return sum(1 if "".join(one) == word else one.count(word) * (len(word) > 1) for one in parts)


@pytest.mark.parametrize("text", ["stone by stone, " * 1250, "stone by stone… " * 1250])
def test_a_long_text_is_read_no_further_than_it_is_shown(text):
    assert calls(text, "stone") < 500


def test_a_long_text_without_a_word_is_passed_over_at_once():
    assert calls("stone by stone, " * 1250, "nowhere") < 50


def calls(text, word):
    profile = cProfile.Profile()
    profile.enable()
    snippet(text, Needles(frozenset([word])))
    profile.disable()
    return pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
