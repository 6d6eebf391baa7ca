"""How pages look elsewhere than on a screen of our own colours: on paper, and in colours that the reader chose."""

import pytest

from tests.browser.conftest import log_in

# What has no meaning on paper, wherever it stands.
UNPRINTED = (
    ".site-header, .site-footer, .project-head, .commenting, .closing, .push, .beside, .issue-details dt a, .query"
)
PRINTED = (
    "(css) => [...document.querySelectorAll(css)].filter((one) => one.checkVisibility()).map((one) => one.className)"
)

# How each link of a row of them is told from the others: line, ground and ink.
MARKS = """(css) => [...document.querySelectorAll(css)].map((one) => {
  const { borderBlockEndColor, backgroundColor, color } = getComputedStyle(one);
  return [one.ariaCurrent !== null, [borderBlockEndColor, backgroundColor, color].join()];
})"""


@pytest.fixture
def page(server, window, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/issues", {"title": "Moss", "body": "On the north side."}, by=ada)
    server.ask("POST", f"{project}/issues/1/comments", {"body": "Seen."}, by=ada)
    page = window()
    page.emulate_media(reduced_motion="reduce")  # a colour that is on its way to another is neither
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues")
    return page


def test_an_issue_is_printed_without_what_is_around_it(page):
    page.get_by_role("link", name="Moss").click()
    assert page.evaluate(PRINTED, UNPRINTED)
    page.emulate_media(media="print")
    assert page.evaluate(PRINTED, UNPRINTED) == []
    for text in ("On the north side.", "Seen."):
        assert page.get_by_text(text).is_visible()


def test_a_list_is_printed_without_its_forms(page):
    page.emulate_media(media="print")
    assert page.evaluate(PRINTED, UNPRINTED) == []
    assert page.get_by_role("link", name="Moss").is_visible()


@pytest.mark.parametrize("row", [".tabs a", ".segments[aria-label=State] a"])
def test_where_one_is_can_be_seen_in_chosen_colours(page, row):
    page.emulate_media(forced_colors="active")
    marks = page.evaluate(MARKS, row)
    here = {look for is_here, look in marks if is_here}
    others = {look for is_here, look in marks if not is_here}
    assert len(here) == 1
    assert len(others) == 1
    assert here != others


def test_a_ticked_row_can_be_seen_in_chosen_colours(page):
    page.emulate_media(forced_colors="active")
    outline = "(row) => getComputedStyle(row).outlineStyle"
    row = page.locator(".issue-row")
    assert row.evaluate(outline) == "none"
    page.get_by_role("checkbox").first.check()
    assert row.evaluate(outline) == "solid"


def test_a_rem_is_what_the_reader_chose(page):
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "16px"
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "15px"
