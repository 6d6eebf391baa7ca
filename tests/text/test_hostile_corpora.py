import pytest
from markdown_it import MarkdownIt

from tests.text import corpora
from tests.text.markup import flags
from webapp.text.markdown import render


@corpora.needed
def test_nothing_in_the_corpora_gets_through():
    through = {text: found for text in corpora.texts() if (found := flags(render(text)))}
    assert through == {}


@corpora.needed
def test_the_same_walk_flags_what_a_careless_renderer_lets_through():
    careless = MarkdownIt("gfm-like", {"html": True})
    flagged = sum(bool(flags(careless.render(text))) for text in corpora.texts()[::10])
    assert flagged > 300


@pytest.mark.parametrize(
    "html",
    [
        "<script>1</script>",
        "<p onclick=1>",
        '<p style="color: red">',
        '<a href="java\tscript:alert(1)">',
        "<p id=a>",
        "<img src=x>",
        "<!-- a -->",
        "<svg/onload=alert(1)>",
    ],
)
def test_the_walk_sees(html):
    assert flags(html)
