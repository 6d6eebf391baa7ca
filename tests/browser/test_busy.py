"""A button that was pressed says so until its page is there, and is itself again on the way back."""

import pytest

from tests.browser.conftest import log_in, press, sync_api


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
    page.evaluate("() => { const wait = setTimeout; window.setTimeout = (act, ms) => wait(act, Math.min(ms, 300)); }")
    page.route("**/issues/1", nowhere)
    save = page.locator("main button.primary")
    said = save.text_content()
    save.click(no_wait_after=True)
    sync_api.expect(save).to_have_text(said.strip())
    assert save.get_attribute("aria-busy") is None


def test_a_value_is_seen_on_its_way_and_stands_once_it_is_saved(page):
    page.goto(page.url.removesuffix("/edit"))
    held = []
    page.route(
        "**/issues/1", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    press(page, "p")
    dialog = page.get_by_role("dialog", name="Priority")
    sync_api.expect(dialog.get_by_role("radio", name="High")).to_be_visible()
    press(page, "4")
    sync_api.expect(dialog.locator(".choice[aria-busy=true]")).to_contain_text("High")
    value = page.get_by_role("link", name="Change priority", include_hidden=True)
    assert "None" in value.text_content()
    while not held:  # the page shows it before the request is on its way
        page.wait_for_timeout(10)
    held[0].continue_()
    sync_api.expect(value).to_contain_text("High")
    sync_api.expect(page.locator("[aria-busy=true]")).to_have_count(0)
