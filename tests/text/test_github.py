"""What people know from GitHub's Markdown, each as source and HTML."""

import re
from html import escape
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.text.markup import flags
from webapp.text import emoji
from webapp.text.anchors import placed
from webapp.text.markdown import MAX_SOURCE, find, render
from webapp.text.plain import excerpt

FOREIGN = 'rel="nofollow noopener noreferrer ugc"'


def line(source, **how):
    """The HTML of a paragraph, without its tags."""
    html = render(source, **how)
    assert html.startswith("<p>")
    assert html.endswith("</p>\n")
    return html[3:-5]


def link(href: str, words: str) -> str:
    return f'<a href="{href}"{"" if href.startswith("mailto") else " " + FOREIGN}>{words}</a>'


class TestEmoji:
    @pytest.mark.parametrize(
        ("source", "shown"),
        [
            (":tada:", "🎉"), (":+1:", "👍"), (":-1:", "👎"), (":100:", "💯"), (":tada::tada:", "🎉🎉"), ("好:tada:的", "好🎉的"),
            ("**:tada:**", "<strong>🎉</strong>"), ("(:tada:)", "(🎉)"), (":white_check_mark: ok", "✅ ok"),
        ],
    )  # fmt: skip
    def test_a_name_is_shown_as_its_emoji(self, source, shown):
        assert line(source) == shown

    @pytest.mark.parametrize(
        "text", [":nope:", "10:30:45", "10:100:45", "a:tada:b", "::1", ":tada", ": tada :", ":TADA:", "std::tada::x"]
    )
    def test_what_is_none_stays_as_it_was_typed(self, text):
        assert line(text) == text

    @pytest.mark.parametrize(
        "source", ["`:tada:`", "<code>:tada:</code>", "```\n:tada:\n```", r"\:tada:", "https://a.b/:tada:"]
    )
    def test_code_addresses_and_what_is_escaped_have_none(self, source):
        assert ":tada:" in re.sub("<[^>]*>", "", render(source))

    def test_a_task_is_called_by_it(self):
        assert 'aria-label="🎉 all"' in render("- [ ] :tada: all")

    def test_an_excerpt_shows_it(self):
        assert excerpt(":tada: done") == "🎉 done"

    @pytest.mark.parametrize("one", ["🎉", "❤️", "❤", "👍"])
    def test_an_emoji_is_found_by_all_its_names(self, one):
        assert emoji.names(one)
        assert all(emoji.called(name).strip("\ufe0f") == one.strip("\ufe0f") for name in emoji.names(one))

    @pytest.mark.parametrize("text", ["", "a", "#", "é", "中", "🎉🎉", "\n"])
    def test_all_else_has_no_name(self, text):
        assert emoji.names(text) == ()

    def test_every_line_of_the_list_is_a_name_and_its_emoji(self):
        lines = emoji._list().decode().strip().split("\n")
        assert len(lines) > 1_800
        assert all(
            emoji.called(name) == one and not one.isascii() for name, _, one in (one.partition(" ") for one in lines)
        )


class TestAlerts:
    @pytest.mark.parametrize("kind", ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION", "note"])
    def test_a_quote_that_begins_with_a_kind_is_an_alert(self, kind):
        html = render(f"> [!{kind}]\n> a\n>\n> - b")
        inside = f'<p class="alert-title">{kind.capitalize()}</p>\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n'
        assert html == f'<div class="alert alert-{kind.lower()}">\n{inside}</div>\n'

    @pytest.mark.parametrize("source", ["> [!NOTE] a", "> a\n> [!NOTE]", "> [!OTHER]\n> a", "[!NOTE]\na"])
    def test_another_quote_is_a_quote(self, source):
        assert "alert" not in render(source)

    def test_its_title_is_no_word_of_the_text(self):
        assert excerpt("> [!NOTE]\n> Mind the gap") == "Mind the gap"

    def test_too_deep_a_nest_loses_no_word(self):
        assert "deep" in render("> [!TIP]\n" * 60 + "\n" + "> " * 45 + "[!TIP]\n" + "> " * 45 + "deep")


class TestFootnotes:
    HTML = render("a[^x] b[^x] c[^y]\n\n[^x]: Why\n[^y]: So")

    def test_a_number_leads_to_its_footnote(self):
        number = '<a href="#user-content-fn:1" class="footnote" role="doc-noteref">1</a>'
        assert f'a<sup id="user-content-fnref:1">{number}</sup>' in self.HTML
        assert f'b<sup id="user-content-fnref:1:2">{number}</sup>' in self.HTML

    def test_a_footnote_leads_back_to_each_number(self):
        assert '<ol class="footnotes">\n<li id="user-content-fn:1"><p>Why' in self.HTML
        backs = re.findall(r'href="#(\S+)" class="footnote-back" role="doc-backlink" aria-label="([^"]+)"', self.HTML)
        assert backs[:2] == [
            ("user-content-fnref:1", "↩ 1"),
            ("user-content-fnref:1:2", "↩ 1-2"),
        ]

    def test_every_link_within_leads_to_a_place_of_the_text(self):
        assert set(re.findall(r'href="#([^"]+)"', self.HTML)) <= set(re.findall(r'id="([^"]+)"', self.HTML))


def test_what_is_kept_has_no_words_but_its_writers():
    """Readers speak other languages than whoever rendered it."""
    html = render(
        "# 見出し\n\n本文[^一] また[^一]\n\n- [ ] 仕事\n- [x] ***済***\n\n|表|\n|-|\n|一|\n\n```\n一\n```\n\n[^一]: 脚注"
    )
    said = re.findall(r'(?:aria-label|title|alt)="([^"]*)"|>([^<]+)', html)
    assert all(name in html for name in ("anchor", "footnotes", "footnote-back", "checkbox"))
    assert [words for words in map("".join, said) if re.search("[a-z]", words, re.IGNORECASE)] == []


class TestHeadings:
    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("What happens", "what-happens"), ("A, B & C!", "a-b--c"), ("`code` *x*", "code-x"), ("हिन्दी में", "हिन्दी-में"),
            ("日本語", "日本語"), ("!!!", "section"), ("snake_case-x", "snake_case-x"), (":tada: Done", "tada-done"), ("x" * 200, "x" * 100),
        ],
    )  # fmt: skip
    def test_a_heading_is_named_by_its_words(self, words, name):
        assert f'<h3 id="user-content-{name}">' in render(f"# {words}")

    def test_of_several_alike_each_has_a_name_of_its_own(self):
        names = re.findall(r'id="user-content-([^"]+)"', render("# a\n# a-1\n# a\n# a\n# fn:1\n\nx[^1]\n\n[^1]: y"))
        assert len(names) == len(set(names)) == 7

    def test_a_link_beside_it_leads_to_it(self):
        link = '<a href="#user-content-a-b" class="anchor" aria-label="a b"></a>'
        assert render("# a b") == f'<div class="heading"><h3 id="user-content-a-b">a b</h3>{link}</div>\n'

    def test_an_empty_one_has_none(self):
        assert render("#") == "<h3></h3>\n"

    @pytest.mark.parametrize("href", ["#a-b", "#user-content-a-b"])
    def test_a_link_to_its_name_leads_there(self, href):
        assert '<a href="#user-content-a-b">' in render(f"[x]({href})\n\n# a b")

    def test_a_link_to_no_heading_stays(self):
        assert '<a href="#c12">' in render("[x](#c12)\n\n# a b")


class TestPlaces:
    HTML = render("# a\n\n[x](#a) b[^1]\n\n[^1]: c")

    def test_those_of_two_texts_on_a_page_are_apart(self):
        both = placed(self.HTML, "c1") + placed(self.HTML, "c2") + self.HTML
        ids = re.findall(r'id="([^"]+)"', both)
        assert len(ids) == len(set(ids)) == 9
        assert set(re.findall(r'href="#([^"]+)"', both)) <= set(ids)

    @pytest.mark.parametrize(
        "text",
        [
            "user-content-a",
            '`<h3 id="user-content-a`',
            '[x](https://a.b/?"#user-content-a)',
            '<h3 id="user-content-a',
        ],
    )
    def test_words_that_look_like_one_stay(self, text):
        html = render(text)
        assert placed(html, "c1") == html


class TestAddresses:
    @pytest.mark.parametrize(
        ("source", "html"),
        [
            ("www.a.org", link("http://www.a.org", "www.a.org")),
            ("Visit www.a.org/help for", f"Visit {link('http://www.a.org/help', 'www.a.org/help')} for"),
            ("Visit www.a.org.", f"Visit {link('http://www.a.org', 'www.a.org')}."),
            ("www.a.org/a.b.", f"{link('http://www.a.org/a.b', 'www.a.org/a.b')}."),
            ("www.a.org/s?q=M+(b)", link("http://www.a.org/s?q=M+(b)", "www.a.org/s?q=M+(b)")),
            ("www.a.org/s?q=(b)))+ok", link("http://www.a.org/s?q=(b)))+ok", "www.a.org/s?q=(b)))+ok")),
            ("(www.a.org/s?q=M+(b))", f"({link('http://www.a.org/s?q=M+(b)', 'www.a.org/s?q=M+(b)')})"),
            ("www.a.org/he<lp", f"{link('http://www.a.org/he', 'www.a.org/he')}&lt;lp"),
            ("**www.a.org**", f"<strong>{link('http://www.a.org', 'www.a.org')}</strong>"),
            ("「www.a.org」", f"「{link('http://www.a.org', 'www.a.org')}」"),
            ("foo@bar.baz", link("mailto:foo@bar.baz", "foo@bar.baz")),
            ("a+b.c@d-e.org, x", f"{link('mailto:a+b.c@d-e.org', 'a+b.c@d-e.org')}, x"),
            ("a.b-c_d@a.b.", f"{link('mailto:a.b-c_d@a.b', 'a.b-c_d@a.b')}."),
            ("<foo@bar.baz>", link("mailto:foo@bar.baz", "foo@bar.baz")),
        ],
    )
    def test_one_without_a_scheme_is_a_link(self, source, html):
        assert line(source) == html

    @pytest.mark.parametrize(
        "text",
        [
            "www.a", "www.", "xwww.a.org", "www.a_b.org", "a@b", "a@b.c-", "a@b.c_", "hello@mail+xyz.example", "git@a.org:b/c.git",
            "a@b@c.org", "README.md", "b.org", "user:pass@b.org",
        ],
    )  # fmt: skip
    def test_what_only_looks_like_one_is_not(self, text):
        assert line(text) == text

    @pytest.mark.parametrize("source", ["`www.a.org`", "`a@b.org`", "<code>www.a.org a@b.org</code>"])
    def test_code_has_none(self, source):
        assert "<a" not in render(source)

    def test_a_link_has_none_within(self):
        assert line("[www.a.org](https://b.org)") == link("https://b.org", "www.a.org")

    def test_an_address_names_nobody(self):
        assert find("foo@bar.baz www.a.org/@ada#2").names == []


class TestCommits:
    AT = "https://code.example/a/b"
    HASH = "0123456789abcdef0123456789abcdef01234567"

    @pytest.mark.parametrize("commit", ["1a2b3c4", HASH, "a" * 39 + "1"])
    def test_a_hash_is_a_link_where_the_repository_is_known(self, commit):
        html = line(f"In {commit}.", repository=self.AT)
        assert html == f'In <a href="{self.AT}/commit/{commit}" {FOREIGN}><code>{commit[:7]}</code></a>.'

    @pytest.mark.parametrize(
        "text",
        ["1234567", "defaced", "1a2b3c", "1A2B3C4", HASH + "0", "x1a2b3c4", "#1a2b3c4", "a/1a2b3c4", "1a2b3c4-x", "1a2b3c4.js", "?a=1a2b3c4"],
    )  # fmt: skip
    def test_what_only_looks_like_one_is_not(self, text):
        assert line(text, repository=self.AT) == text

    @pytest.mark.parametrize("source", ["`1a2b3c4`", "[1a2b3c4](/x)", "https://a.b/1a2b3c4"])
    def test_code_and_links_have_none(self, source):
        assert "/commit/" not in render(source, repository=self.AT)

    def test_none_is_without_a_repository(self):
        assert line("1a2b3c4") == "1a2b3c4"

    @pytest.mark.parametrize(
        ("repository", "address"),
        [
            ("https://a.b/c/d.git", "https://a.b/c/d/commit/1a2b3c4"),
            ("https://a.b/c/d/", "https://a.b/c/d/commit/1a2b3c4"),
            ("https://bitbucket.org/c/d", "https://bitbucket.org/c/d/commits/1a2b3c4"),
        ],
    )
    def test_it_leads_to_where_its_site_keeps_it(self, repository, address):
        assert f'href="{address}"' in render("1a2b3c4", repository=repository)


class TestHtml:
    @pytest.mark.parametrize(
        ("source", "html"),
        [
            ("<details open>\n\na\n\n</details>", '<details open="">\n<p>a</p>\n</details>\n'),
            ('<p align="center">\n    a\n</p>', '<div class="align-center">\n<p>a</p>\n</div>\n'),
            ("<div align=right>\n\n**a**\n\n</div>", '<div class="align-right">\n<p><strong>a</strong></p>\n</div>\n'),
            ("<center>a</center>", '<div class="align-center">\n<p>a</p>\n</div>\n'),
            ("<dl><dt>a<dd>*b*</dl>", "<dl>\n<dt>a</dt>\n<dd><em>b</em></dd>\n</dl>\n"),
            ("<ul>\n  <li>a\n  <li>b\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ('<ol start="3"><li>a</li></ol>', '<ol start="3">\n<li>a</li>\n</ol>\n'),
            ("<blockquote>a</blockquote>", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
            ("a\n<hr>\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"),
            ("<h3></h3>", "<h5></h5>\n"),
            ('<abbr title="a &quot;b">c</abbr>', '<p><abbr title="a &quot;b">c</abbr></p>\n'),
            ("<ruby>漢<rp>(<rt>kan</rt></ruby>", "<p><ruby>漢&lt;rp&gt;(<rt>kan</rt></ruby></p>\n"),
            ("a<wbr>b <small>c</small> <tt>d</tt>", "<p>a<wbr>b <small>c</small> <code>d</code></p>\n"),
            ("<span style='color: red' id=x class=alert>a</span>", "<p><span>a</span></p>\n"),
        ],
    )  # fmt: skip
    def test_what_github_lets_through_is_shown(self, source, html):
        assert render(source) == html

    def test_a_table_may_be_indented_and_have_markdown_within(self):
        html = render(
            '<table>\n  <tr>\n    <th align="right" colspan=2>a</th>\n  </tr>\n  <tr><td>\n\n- b\n\n</td><td>c\n      d</td></tr>\n</table>\n\ne'
        )
        rows = '<tr>\n<th colspan="2" class="align-right">a</th>\n</tr>\n<tr>\n<td>\n<ul>\n<li>b</li>\n</ul>\n</td>\n<td>c d</td>\n</tr>\n'
        assert (
            html == f'<div class="table-scroll" tabindex="0"><table>\n<tbody>{rows}</tbody></table></div>\n<p>e</p>\n'
        )

    @pytest.mark.parametrize(
        "begin", ["- <table><tr><td>a", "> <details>\n> a", "1. <ul><li>a", "<details><table><tr><td>a\n</details>"]
    )
    def test_what_is_left_open_ends_with_what_it_began_in(self, begin):
        assert render(f"{begin}\n\nafter\n").endswith("\n<p>after</p>\n")

    @pytest.mark.parametrize("end", ["</table>", "</td>", "</div>", "</li>", "</h1>", "</details>"])
    def test_an_end_without_a_beginning_is_left_out(self, end):
        assert render(f"a\n\n{end}\n\nb") == "<p>a</p>\n<p>b</p>\n"

    def test_a_raw_heading_has_a_name_and_its_place_in_the_outline(self):
        html = render('<h1 align="center">\n    The <em>thing</em>\n</h1>')
        assert '<h3 id="user-content-the-thing" class="align-center">The <em>thing</em></h3>' in html

    @pytest.mark.parametrize(
        "attribute", ["onclick=x", "style='a:b'", 'class="button"', "id=main", "name=x", "formaction=/x"]
    )
    def test_no_other_attribute_gets_through(self, attribute):
        names = "table", "td", "h1", "div", "p align=left", "details", "li", "q", "span", "picture"
        for name in names:
            assert flags(html := render(f"<{name} {attribute}>a</{name.split()[0]}>")) == []
            assert attribute.partition("=")[0] + "=" not in html or 'class="' in html


def test_an_attribute_of_an_image_is_a_small_number_or_nothing():
    small = '<img src="/attachments/12/x.png?w=640&h=480" width="{}">'
    assert 'width="200" height="150"' in render(small.format("200"))
    assert 'width="480" height="360"' in render(small.format("99%"))
    assert 'width="480" height="360"' in render(small.format("1e9"))


TAGS = ["table", "tr", "td", "th", "ul", "li", "dl", "dd", "h2", "p align=left", "div", "details", "summary", "blockquote", "q", "span", "picture"]  # fmt: skip


@given(st.lists(st.sampled_from([f"<{one}>" for one in TAGS] + [f"</{one.split()[0]}>" for one in TAGS] + ["a", "\n", "\n\n", "- ", "> ", "    ", "# ", "[^1]", "\n[^1]: ", "<pre>", "```\n"]), max_size=40))  # fmt: skip
def test_frames_in_any_order_give_html_that_is_whole_and_lose_no_word(pieces):
    html = render("".join(pieces))
    assert flags(html) == []
    # A footnote that nothing leads to is not shown, however much is in it.
    shown = takewhile(lambda one: "[^1]: " not in one, pieces)
    assert re.sub("<[^>]*>", "", html).count("a") >= sum(one == "a" for one in shown)


@pytest.mark.parametrize(
    "unit", ["<table>\n", "<tr><td>", "# a\n", "> [!NOTE]\n\n", "[^1] ", "www.a.b/(", "<li>", ":tada: "]
)
def test_many_of_them_stay_safe(unit):
    assert flags(render((unit * MAX_SOURCE)[:20_000])) == []


def test_quotes_and_signs_in_a_heading_break_no_attribute():
    html = render("# \"><script>alert(1)</script> & 'x' <b>")
    assert flags(html) == []
    assert escape("<script>", quote=False) in html
