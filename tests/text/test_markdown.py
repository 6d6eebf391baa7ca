import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.text.markup import flags
from webapp.text import markdown
from webapp.text.markdown import MAX_SOURCE, find, find_or_render, render

FOREIGN = 'rel="nofollow noopener noreferrer ugc"'


def typed(text):
    return f'<pre class="as-typed" tabindex="0">{text}</pre>'


def test_a_single_newline_breaks_the_line():
    assert render("a\nb") == "<p>a<br>\nb</p>\n"


def test_headings_begin_below_the_headings_of_the_page():
    html = render("# a\n## b\n### c\n#### d\n##### e\n###### f\n\ng\n=\n")
    assert re.findall(r"<(h\d) id=", html) == ["h3", "h4", "h5", "h6", "h6", "h6", "h3"]


def test_a_table_is_aligned_by_class_and_scrolls_by_keyboard():
    html = render("|a|b|c|\n|:-|:-:|-:|\n|1|2|3|")
    assert html.startswith('<div class="table-scroll" tabindex="0"><table>')
    assert re.findall(r'<td class="align-(\w+)">', html) == ["left", "center", "right"]


def test_a_task_knows_its_line_and_cannot_be_clicked():
    html = render("Do:\r\n\r\n- [ ] a\r\n- [x] b")
    assert re.findall(r' aria-label="(\w)" data-line="(\d)">', html) == [("a", "2"), ("b", "3")]
    assert html.count("<input ") == html.count('disabled=""') == 2
    assert re.search(r'<input [^>]*checked=""[^>]*> b', html)


def test_strikethrough():
    assert render("~~a~~") == "<p><s>a</s></p>\n"


@pytest.mark.parametrize("info", ["python", "Python title=x", "py", "python,ignore"])
def test_code_of_a_known_language_has_colours(info):
    assert '<span class="h-k">def</span>' in render(f"```{info}\ndef f(): pass\n```")


@pytest.mark.parametrize("code", ["x" * 2_001, "a\n" * 10_001])
def test_long_code_has_none(code):
    assert "<span" not in render(f"```python\n{code}\n```")


def test_code_that_keeps_a_lexer_busy_loses_its_colours():
    assert "<span" not in render("```c\nint a;" + "\n" * 19_000 + "\n```")


@pytest.mark.parametrize(
    "source", ["```\na<b\n```", "    a<b", "<pre>a<b</pre>", "<pre><code>\na&lt;b\n</code></pre>"]
)
def test_all_ways_to_write_code_look_alike(source):
    assert render(source) == '<pre tabindex="0"><code>a&lt;b\n</code></pre>\n'


class TestLinks:
    def test_a_foreign_link_is_marked(self):
        assert render("[a](https://b.org)") == f'<p><a href="https://b.org" {FOREIGN}>a</a></p>\n'

    @pytest.mark.parametrize("url", ["/p/1", "#top", "mailto:a@b.org"])
    def test_an_own_one_is_not(self, url):
        assert render(f"[a]({url})") == f'<p><a href="{url}">a</a></p>\n'

    @pytest.mark.parametrize("url", ["//b.org", "/%5Cb.org", "/\\b.org", "HTTP://b.org"])
    def test_a_disguised_one_is_foreign_or_stays_here(self, url):
        html = render(f"[a]({url})")
        assert FOREIGN in html or 'href="/%5Cb.org"' in html

    @pytest.mark.parametrize(
        "url", ["javascript:a", "JaVaScRiPt:a", "data:text/html,a", "ftp://b", "java&#10;script:a"]
    )
    def test_another_scheme_is_no_link(self, url):
        assert flags(render(f"[a]({url}) <{url}>")) == []

    def test_whole_addresses_in_running_text_are_links(self):
        assert f'<a href="https://b.org/c" {FOREIGN}>' in render("See https://b.org/c.")

    @pytest.mark.parametrize("text", ["README.md", "app.py", "b.org", "// b.org", "ftp://b.org"])
    def test_what_only_looks_like_one_is_not(self, text):
        assert render(text) == f"<p>{text}</p>\n"


class TestImages:
    @pytest.mark.parametrize(
        ("source", "words"),
        [
            ("![A *shot*](https://b.org/c.png)", "A shot"),
            ("![](https://b.org/my%20shot.png?x)", "my shot.png"),
            ("![](https://b.org)", "b.org"),
            ('<img width="9" alt="A &amp; B" src="https://b.org/c.png">', "A &amp; B"),
        ],
    )
    def test_an_image_is_a_link_to_it(self, source, words):
        html = render(source)
        assert html.startswith('<p><a href="https://b.org')
        assert f'class="image-link" {FOREIGN}>{words}</a>' in html

    def test_an_image_in_a_link_gives_its_words_to_the_link(self):
        html = render("[![ci](https://b.org/c.svg)](https://d.org)")
        assert html == f'<p><a href="https://d.org" {FOREIGN}>ci</a></p>\n'


class TestTags:
    @pytest.mark.parametrize(
        "tag", ["kbd", "sub", "sup", "mark", "strong", "em", "s", "ins", "code", "q", "samp", "var"]
    )
    def test_small_tags_mean_what_they_say(self, tag):
        assert render(f"a <{tag.upper()} title=x>b</{tag}>") == f"<p>a <{tag}>b</{tag}></p>\n"

    def test_a_line_break_breaks_once(self):
        assert render("a<br/>\nb") == "<p>a<br>\nb</p>\n"

    def test_a_link_keeps_its_address_only(self):
        html = render('<a href="https://b.org" onclick="x()" class="button">https://c.org</a>')
        assert html == f'<p><a href="https://b.org" {FOREIGN}>https://c.org</a></p>\n'

    @pytest.mark.parametrize(
        "text",
        [
            "Vec<b>",
            "Map<a, b>",
            "<T>",
            "</kbd>",
            "<script>x</script>",
            "<iframe src=x>",
            '<a href="javascript:x">y</a>',
        ],
    )
    def test_others_are_shown_as_typed(self, text):
        shown = text.replace("<", "&lt;").replace(">", "&gt;")
        assert render(f"x {text}") == f"<p>x {shown}</p>\n"

    def test_details_fold_markdown(self):
        html = render("<details><summary>Why <b>so</b></summary>\n<p>\n\n- a\n\n</p>\n</details>\n\nb")
        body = "<summary>Why <strong>so</strong></summary>\n<ul>\n<li>a</li>\n</ul>\n"
        assert html == f"<details>\n{body}</details>\n<p>b</p>\n"

    def test_details_left_open_end_with_the_text(self):
        assert render("<details>\n\na").rstrip().endswith("</details>")

    def test_a_summary_needs_details(self):
        assert render("<summary>a</summary>") == "<p>a</p>\n"


class TestComments:
    @pytest.mark.parametrize(
        "source", ["<!-- a -->", "<!--\na\n\n# b\n-->", "- b\n\n  <!-- a\n\n  c -->", "b <!-- a\nc -->"]
    )
    def test_a_comment_is_left_out(self, source):
        assert "a" not in re.sub("<[^>]*>", "", render(source))

    def test_what_follows_it_stays(self):
        assert render("a\n<!-- b --> c") == "<p>a</p>\n<p>c</p>\n"

    @pytest.mark.parametrize("source", ["`<!-- a -->`", "    <!-- a -->", "```\n<!-- a -->\n```"])
    def test_in_code_it_is_code(self, source):
        assert "&lt;!-- a --&gt;" in render(source)

    def test_one_without_an_end_hides_nothing(self):
        assert render("<!-- a\n\nb") == "<p>&lt;!-- a</p>\n<p>b</p>\n"


class TestLimits:
    @pytest.mark.parametrize("text", ["*a* " * (MAX_SOURCE // 4) + "b", "![" * 11_000])
    def test_a_text_too_large_is_shown_as_typed(self, text):
        assert render(text) == typed(text)

    def test_too_deep_a_nest_loses_no_word(self):
        text = ">" * 60 + " deep"
        assert render(text) == typed(text.replace(">", "&gt;"))

    def test_a_wide_table_stays_text(self):
        row = "|".join("a" * 65)
        assert "<td" not in render(f"{row}\n{'|'.join('-' * 65)}\n{row}")

    def test_short_rows_do_not_grow_to_megabytes(self):
        html = render("|".join("a" * 64) + "\n" + "|".join(["-:"] * 64) + "\n" + "b\n" * 30_000)
        assert html.count("<td") <= 10_000
        assert html.count("b<") == 30_000

    def test_too_much_output_is_shown_as_typed(self, monkeypatch):
        monkeypatch.setattr(markdown, "MAX_HTML", 10)
        assert render("*abcdef*") == typed("*abcdef*")

    def test_no_text_can_fail_a_page(self, monkeypatch):
        def fall_over(*_):
            raise RecursionError

        monkeypatch.setattr(markdown, "_html", fall_over)
        assert render("*a* <b>") == typed("*a* &lt;b&gt;")

    def test_characters_that_no_page_can_show_are_gone(self):
        assert render("a\x00\x1b\x0cb\tc\ud800") == "<p>ab\tc\ufffd</p>\n"

    @pytest.mark.parametrize(
        "unit",
        [
            "[", "![", "*a ", "_a*_ ", "**a ", "`", "``a ` ", ">", "> ", "- ", "- a\n", "  - a\n", "1. ",
            "<", "<b>", "<sub>", "<!--", "<!--\n", "- <!--\n", "<pre>\n", "<details>\n", "<img src='",
            '<a href="x">', "|", "a|b\n", "https://a/(", "[a](<b", "[a]: b\n", "[^a]: ", "&#", "\\\n",
            "# a\n", "```\n", "\n", "\t", "\u4e2d", "www.", "www.a.b/)", "www.a.b/(", "a@", "a@b.c ", "a.", "1a", ":tada:", ":a",
            "> [!NOTE]\n", "[^a]", "<table>\n", "<table><tr><td>", "<td>\n", "</td>\n", "<li>\n", "- <ul>\n", "<h1>\n", "<p align=left>",
            "<picture>", "<source media='(prefers-color-scheme: dark)' srcset=a>", "[a](#a)\n# a\n", "# a-1\n# a\n",
        ],
    )  # fmt: skip
    def test_pathological_texts_give_bounded_safe_html(self, unit):
        html = render((unit * MAX_SOURCE)[:MAX_SOURCE])
        assert len(html) <= markdown.MAX_HTML
        assert flags(html) == []


PIECES = [
    "<details>", "</details>", "<summary>", "</summary>", "<pre>", "</pre>", "<!--", "-->", "<script>",
    "<a href=", "</a>", "<kbd ", "</kbd>", "<img src=", '"', "'", ">", " onerror=x", " style=x",
    "javascript:", "https://a.b", "[", "]", "(", ")", "![", "[^a]", "[^a]: ", "\n", "\n\n", "- [ ] ", "> ",
    "```", "|a|b|\n|-|-|\n", "&#58;", "\\", "*", "`", "<table>", "<tr>", "<td align=", "</td>", "</table>", "<h1>", "</h1>",
    "<ul>", "<li>", "</li>", "<div align=center>", "</div>", "<picture>", "<source media='(prefers-color-scheme: dark)' srcset=",
    "</picture>", "> [!NOTE]\n", "# ", ":tada:", "user-content-", "www.a.b/", "a@b.c", "0a1b2c3", "    ", "<q>", "</q>", "<blockquote>",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
def test_any_text_gives_safe_html(text):
    assert flags(render(text)) == []


@settings(max_examples=50, deadline=None)
@given(st.text())
def test_the_same_text_gives_the_same_html(text):
    assert render(text) == render(text)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "Plain *words*\n\n- [ ] a task\n\n```py\nx = 1\n```\n",
        "As #1 says; closes WALL-2, thanks @ada",
        "`#1` in code is nobody's",
        "> " * 60 + "too deep",
        "> " * 60 + "too deep, #1",
        "[" * 20_000,
        "long " * 20_000 + "#1",
        "A note[^1]\n\n[^1]: below",
    ],
    ids=range(9),
)
def test_one_reading_finds_and_renders_as_two_do(source):
    found = find(source)
    assert find_or_render(source) == (found, None if found.names else render(source))


ADDRESSES = (
    "http:", "https:", "HTTPS://", "https://", "mailto:", "MAILTO:", "//", "ftp:", "a.b", "x@y.cc", "@", " ",
    "example.org", "/p", "(", ")", "[", "]", ":", "\n", "é", "1.2.3.4", "localhost", "-", "<", "&",
)  # fmt: skip


@given(st.lists(st.sampled_from(ADDRESSES), max_size=8).map("".join))
def test_the_first_look_misses_no_address(text):
    finder = markdown._parser.linkify
    assert finder.pretest(text) or not finder.test(text)
