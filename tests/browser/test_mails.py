"""A mail's HTML in a real browser, which draws it as mail programs do: narrow or wide, by day or night."""

import pytest

from tests.mail.conftest import composed
from tests.mail.test_letters import drawn

__all__ = ["composed", "drawn"]

SAID = "### Why\n\n- [x] `lean()` " + "on" * 80 + "\n\n|a|b|\n|-|-|\n|1|2|\n\n![a stone](https://example.com/x.png)"
LUMINANCE = """(one) => {
  const part = (n) => (n /= 255) <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4
  const of = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number).map(part)
    .reduce((sum, n, place) => sum + n * [0.2126, 0.7152, 0.0722][place], 0)
  let behind = one
  while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement
  const both = [of(getComputedStyle(one).color), of(getComputedStyle(behind).backgroundColor)].sort((a, b) => b - a)
  return (both[0] + 0.05) / (both[1] + 0.05)
}"""


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_it_can_be_read_everywhere(window, drawn, width, appearance):
    page = window(viewport={"width": width, "height": 900}, color_scheme=appearance)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(drawn(said=SAID).html)
    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    contrasts = {one.text_content(): one.evaluate(LUMINANCE) for one in page.locator("p, a, code, li, th, td").all()}
    assert len(contrasts) > 8
    assert {words: contrast for words, contrast in contrasts.items() if contrast < 4.5} == {}
