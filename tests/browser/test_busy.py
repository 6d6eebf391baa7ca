"""A button that was pressed says so until its page is there, and is itself again on the way back."""

import pytest

from tests.browser.conftest import log_in, sync_api


def nowhere(route):
    """The form is sent, and no page comes."""
    route.fulfill(status=204)


@pytest.fixture
def page(server, window, ada):
    page = window()
    log_in(page, server, ada)
    address = server.project(ada)
    server.ask("POST", f"{address}/issues", {"title": "A stone"}, by=ada)
    page.goto(f"{server.url}{address}/issues/1/edit")
    return page


def test_a_pressed_button_says_that_it_saves(page):
    page.route("**/issues/1", nowhere)
    save = page.locator("main button.primary")
    width, said = save.bounding_box()["width"], save.text_content()
    sent = []
    page.on("request", lambda one: sent.append(one.method))
    save.click(no_wait_after=True)
    sync_api.expect(page.get_by_role("button", name="Saving…")).to_be_visible()
    assert save.get_attribute("aria-busy") == "true"
    assert save.bounding_box()["width"] == pytest.approx(width, abs=1)
    save.click(no_wait_after=True)
    assert sent == ["POST"]
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert save.text_content() == said
    assert save.get_attribute("aria-busy") is None
    save.click(no_wait_after=True)
    sync_api.expect(page.get_by_role("button", name="Saving…")).to_be_visible()


def test_a_button_whose_form_never_arrived_works_again(page):
    page.evaluate("const wait = setTimeout; window.setTimeout = (act, ms) => wait(act, Math.min(ms, 300))")
    page.route("**/issues/1", nowhere)
    save = page.locator("main button.primary")
    said = save.text_content()
    save.click(no_wait_after=True)
    sync_api.expect(save).to_have_text(said.strip())
    assert save.get_attribute("aria-busy") is None
