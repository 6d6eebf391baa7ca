"""What is sent of the style sheets says what they say."""

import pytest

from webapp.http.assets import STATIC

# The rules as a browser understands them. What it does not read yet, as a variable's value, it keeps as it is written.
RULES = """(text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const written = (rule) => rule.cssText.replace(/\\s+/g, " ").replace(/ ?, ?/g, ",").replace(/\\( /g, "(").replace(/ \\)/g, ")");
  return [...sheet.cssRules].map(written);
}"""
SHEETS = sorted(path.relative_to(STATIC / "css") for path in (STATIC / "css").rglob("*.css"))


@pytest.fixture(scope="module")
def empty(chromium):
    page = chromium.new_page()
    yield page
    page.close()


@pytest.fixture(scope="module")
def sent(server):
    """The style sheets as they are sent, by their names."""
    page = server.ask("GET", "/auth/login", page=True).text
    address = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    parts = server.ask("GET", address).text.split("/* ")[1:]
    return dict(part.split(" */\n", 1) for part in parts)


@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_what_is_sent_says_what_the_sheet_says(empty, sent, sheet):
    rules = empty.evaluate(RULES, (STATIC / "css" / sheet).read_text())
    assert rules
    assert empty.evaluate(RULES, sent[sheet.name]) == rules


# Four columns, of which the first is wide, as on a page of what arrived.
TABLE = """<div class="table-scroll"><table><thead><tr><th>When<th>Event<th>State<th>What came of it</tr></thead><tbody><tr>
  <th>30 Nov 2026, 07:43 UTC<td><bdi>push</bdi><p class="small">1 commit</p><td>Taken<td><p>Names <a href="/">ROCK-3</a></p>
  </tr></tbody></table></div>"""
LINES = """() => {
  const range = document.createRange(), words = document.querySelector("td p").firstChild
  range.setStart(words, 2)
  range.setEnd(words, words.length)
  return range.getClientRects().length
}"""


def test_a_narrow_table_breaks_no_short_word(window, sent):
    page = window(viewport={"width": 358, "height": 600})
    page.set_content(f"<!doctype html><style>{''.join(sent.values())}</style>{TABLE}")
    assert page.evaluate(LINES) == 1
