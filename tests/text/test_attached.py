import re

import pytest

from webapp.text import attached
from webapp.text.markdown import render
from webapp.text.sanitiser import clean

SHOT = "/attachments/12/shot.png?w=640&h=480"


def test_an_attached_picture_is_shown_small_and_leads_to_itself():
    html = render(f"![The wall]({SHOT})")
    assert '<a href="/attachments/12/shot.png" class="picture"><img ' in html
    picture = dict(re.findall(r'(\w+)="([^"]*)"', html.partition("<img")[2]))
    assert picture == {
        "src": "/attachments/thumbnails/12", "alt": "The wall", "width": "480", "height": "360", "loading": "lazy",
    }  # fmt: skip


def test_a_picture_in_a_link_leads_where_the_link_does():
    html = render(f"[![The wall]({SHOT})](https://example.com/)")
    assert html.count("<a ") == html.count("<img ") == 1
    assert 'href="https://example.com/"' in html


def test_an_attached_file_is_a_link_that_looks_like_a_file():
    assert 'class="attachment"' in render("[notes.txt](/attachments/3/notes.txt)")
    assert 'class="attachment"' not in render("[notes.txt](/projects/WALL)")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.test/attachments/12/shot.png?w=640&h=480",
        "//evil.test/attachments/12/shot.png?w=640&h=480",
        "/attachments/12/shot.png",
        "/attachments/12/../../auth/logout?w=640&h=480",
        "/attachments/12/shot.png?w=0&h=480",
        "/attachments/12/shot.png?w=640&h=480#x",
        "/attachments/x/shot.png?w=640&h=480",
        "/attachments/12/?w=640&h=480",
    ],
)
def test_nothing_else_is_shown_as_a_picture(address):
    assert "<img" not in render(f"![x]({address})")
    assert "<img" not in render(f'<img src="{address}">')


@pytest.mark.parametrize("src", ["https://evil.test/x.png", "data:image/png,x", "/attachments/12/x", "/favicon.ico"])
def test_the_second_lock_knows_our_pictures_too(src):
    assert clean(f'<img src="{src}" alt="a">') == '<img alt="a">'


def test_what_is_told_to_write_is_read_back():
    for name in ("shot.png", "a [b](c) *d*.png", "Mauer № 1.png", "a`b<c>|~!&amp;.png"):
        html = render(attached.markdown(7, name, 100, 50))
        assert 'src="/attachments/thumbnails/7"' in html
        assert 'width="100" height="50"' in html
        assert re.search(r'alt="([^"]*)"', html)
        assert "<em>" not in html


def test_a_text_names_each_file_once():
    assert attached.mentioned("/attachments/3/a ![b](/attachments/12/b?w=1&h=1) /attachments/3/a") == [3, 12]
    assert attached.mentioned("/attachments/" + "9" * 30 + "/a /attachments/0/a") == []


def test_a_high_picture_stays_within_the_page():
    assert attached.Attached(1, 1000, 20_000).shown_size == (48, 960)
    assert attached.Attached(1, 1, 99_999).shown_size == (1, 960)
