"""Words of the other direction than the page's begin where their page's lines do, and nothing lies over them."""

import pytest

from tests.browser.conftest import log_in, settle

LATIN, ARABIC = "A stone is loose above the gate", "حجر مرتخ فوق البوابة"
# Where the line of a title begins, how far its words are from there, and whether they lie below the ring.
PLACES = """(title) => {
  const range = document.createRange();
  range.selectNodeContents(title);
  const words = range.getClientRects()[0], box = title.closest("li").getBoundingClientRect(),
    ring = title.closest("li").querySelector("input")?.getBoundingClientRect();
  return {
    begins: document.documentElement.dir === "rtl" ? box.right - words.right : words.left - box.left,
    isCovered: Boolean(ring) && ring.left < words.right && words.left < ring.right && ring.top < words.bottom,
  };
}"""


@pytest.fixture
def project(server, ada):
    project = server.project(ada)
    for title in (LATIN, ARABIC):
        server.ask("POST", f"{project}/issues", {"title": title}, by=ada)
    return project


@pytest.fixture
def page(server, window, ada):
    page = window(viewport={"width": 390, "height": 844})
    speak("en", server, ada)
    log_in(page, server, ada)
    return page


def speak(language, server, ada):
    server.ask("PATCH", "/auth/me", {"language": language}, by=ada)


def places(page, server, path):
    page.goto(f"{server.url}{path}")
    settle(page)
    titles = [page.get_by_role("link", name=title, exact=True).first for title in (LATIN, ARABIC)]
    return [title.evaluate(PLACES) for title in titles]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("where", ["board", "issues"])
def test_titles_of_both_directions_begin_at_one_line(page, server, ada, project, language, where):
    speak(language, server, ada)
    latin, arabic = places(page, server, f"{project}/{where}")
    assert latin["begins"] == pytest.approx(arabic["begins"], abs=2)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_ring_that_picks_a_card_lies_over_no_title(page, server, ada, project, language):
    speak(language, server, ada)
    assert [place["isCovered"] for place in places(page, server, f"{project}/board")] == [False, False]
