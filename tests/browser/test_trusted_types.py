"""No script makes a page of text, but by the one function that is meant for it."""

import pytest

from tests.browser.conftest import log_in, settle

TRY = """() => {
  const tries = {
    innerHTML: () => { document.createElement("p").innerHTML = "<b>x</b>"; },
    insertAdjacentHTML: () => document.body.insertAdjacentHTML("beforeend", "<b>x</b>"),
    parse: () => new DOMParser().parseFromString("<b>x</b>", "text/html"),
    source: () => { document.createElement("script").src = "/x.js"; },
    policy: () => trustedTypes.createPolicy("another", { createHTML: (text) => text }),
    again: () => trustedTypes.createPolicy("cairn", { createHTML: (text) => text }),
  };
  return Object.entries(tries).filter(([, go]) => { try { go(); return true; } catch { return false; } }).map(([name]) => name);
}"""


@pytest.fixture
def page(server, window, ada):
    page = window()
    log_in(page, server, ada)
    return page


@pytest.mark.parametrize("path", ["/", "/projects", "/keys"])
def test_text_becomes_no_page(page, server, path):
    page.goto(f"{server.url}{path}")
    settle(page)
    assert page.evaluate(TRY) == []
    assert page.evaluate("""() => fresh.parsed("<b>x</b>").body.innerHTML""") == "<b>x</b>"


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_readers_of_the_api_go_on(page, server, path):
    page.goto(f"{server.url}{path}")
    page.get_by_text("/projects/{project}/issues", exact=False).first.wait_for()
