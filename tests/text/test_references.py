"""Where a text names an issue or a person, whatever stands beside the name."""

import re
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.text.markdown import find, render
from webapp.text.references import quick

LINKS = {"#2": ("/projects/WALL/issues/2", ""), "WALL-2": ("/projects/WALL/issues/2", ""), "@ada": ("/users/1", "")}
# A word of each script that needs no blank beside a name, and of some that have no letter in common with one.
SCRIPTS = {
    "Chinese": "修复", "Hiragana": "なおす", "Katakana": "バグ", "long vowel": "エラー", "Korean": "작업", "Thai": "แก้ไข", "Thai mark": "ที่",
    "Lao": "ແກ້", "Khmer": "កែ", "Burmese": "ပြင်", "Cyrillic": "задача", "Greek": "ζήτημα", "Arabic": "مشكلة",
    "Hebrew": "תקלה", "Armenian": "խնդիր", "Georgian": "საქმე", "Devanagari": "समस्या", "Han beyond": "𠮷",
}  # fmt: skip


@pytest.mark.parametrize("word", SCRIPTS.values(), ids=SCRIPTS)
@pytest.mark.parametrize("name", LINKS)
def test_a_name_is_found_beside_letters_that_need_no_blank(word, name):
    for text in (f"{word}{name}", f"{name}{word}", f"{word}{name}{word}", f"{word} {name} {word}"):
        assert find(text).names == quick(text) == [name]
        assert f'href="{LINKS[name][0]}" class="reference">{name}</a>' in render(text, LINKS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("см.#2", "#2"), ("см.@ada", "@ada"), ("гл. №5, #2", "#2"), ("привет,@ada!", "@ada"), ("請看@ada。", "@ada"),
        ("（#2）", "#2"), ("，#2。", "#2"), ("「#2」", "#2"), ("、@ada、", "@ada"), ("#2の", "#2"), ("“#2”", "#2"), ("—#2—", "#2"),
        ("＃2", "#2"), ("修复＃２了", "#2"), ("＠ada", "@ada"), ("＠ａｄａさん", "@ada"), ("ＷＡＬＬ－２", "WALL-2"), ("﹟2", "#2"),
        ("关闭/打开#2", "#2"), ("#2, etc", "#2"), ("#2.", "#2"), ("\u200b#2\u200b", "#2"), ("**#2**号", "#2"),
    ],
)  # fmt: skip
def test_signs_of_any_width_and_script_stand_beside_a_name(text, said):
    assert find(text).names == quick(text) == [said]


def test_what_is_typed_wide_is_shown_as_typed():
    html = render("修复＃２，＠ａｄａ。", LINKS)
    assert '<a href="/projects/WALL/issues/2" class="reference">＃２</a>' in html
    assert '<a href="/users/1" class="reference">＠ａｄａ</a>' in html


@pytest.mark.parametrize(
    "text",
    [
        # words
        "x#2", "é#2", "e\u0301#2", "ế#2", "ß#2", "ａ#2", "1#2", "٣#2", "_#2", "#2x", "#2é", "#2_", "#2-x", "#２x", "#02", "xWALL-2",
        "éWALL-2", "WALL-2x", "WALL-2é", "WALL-02", "wall-2", "x@ada", "é@ada", "@adaé", "@ada@b", "@ünal",
        # addresses
        "a@ada.com", "用户@ada.com", "почта@ada.рф", "用户@ada-co.com", "x+@ada", "foo/#2", "/вики/страница#2", "см. ./файл#2", "~/файл#2",
        "https://例子.中国/问题#2", "https://a.example/#2", "www.пример.рф#2", "ftp://сервер/файл#2", "C:\\папка#2", "v1.#2", "page.html#2",
        "[#2](https://a.example)", "[x](#2)",
        # code and what is escaped
        "`修复#2`", "<code>#2</code>", "<code>修复@ada</code>", "```\n#2\n```", "    #2", "##2", "＃＃2", "&#2;", "\\#2", "&#35;2", "\\@ada",
        "WALL\\-2", "修复\\#2", "#fff", "#2e3a4b", "<!-- #2 -->",
    ],
)  # fmt: skip
def test_what_is_part_of_something_else_names_nothing(text):
    assert find(text).names == []
    assert "reference" not in render(text, LINKS)


@pytest.mark.parametrize("text", ["\\#2", "a \\@ada b", "WALL\\-2", "&#35;2", "- [ ] \\#2"])
def test_what_is_escaped_is_shown_without_its_stroke(text):
    shown = text.replace("\\", "").replace("&#35;", "#").removeprefix("- [ ] ")
    assert shown in render(text, LINKS)


PIECES = st.sampled_from(
    [
        "#2", "＃2", "@ada", "＠ada", "WALL-2", "\\#2", "`#2`", "修", "あ", "ー", "한", "ก", "я", "a", "é", "7", "_", "-", ".", "/", "&", "@", "#",
        " ", "\n", "，", "。", "~~", "**", "<code>", "</code>", "> ", "- ", "fixes ", "not ", "?", "“", "”", '"', "\u200b", "\ue000", "\ue001",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join))
def test_in_any_mixture_what_is_found_is_what_is_linked(text):
    found, html = find(text), render(text, LINKS)
    linked = set(re.findall(r'class="reference">([^<]*)</a>', html))
    assert {one.translate({0xFF03: "#", 0xFF20: "@"}) for one in linked} == set(found.names) & set(LINKS)
    assert set(found.closing) <= set(found.names)
    # Links change no letter of what is read.
    assert re.sub(r"<a [^>]*>|</a>", "", html) == re.sub(r"<a [^>]*>|</a>", "", render(text))


@given(st.text(max_size=6), st.text(max_size=6), st.sampled_from(sorted(LINKS)))
def test_latin_letters_never_end_where_a_name_begins(before, after, name):
    for text in (f"{before}a{name}{after}", f"{before}é{name}", f"{name}z{after}"):
        assert name not in find(text).names or name in before + after


@pytest.mark.parametrize("part", ["请#1", "a:/ 请#1", "/ 请#1", "请@ada.", "\\#1 ", "＃1 "])
def test_a_text_full_of_names_is_read_in_reasonable_time(part):
    begin = thread_time()
    find((part * 65_536)[:65_536])
    assert thread_time() - begin < 5
