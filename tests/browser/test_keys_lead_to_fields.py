"""Whoever presses a key can go on with keys: where it leads to a form, the form's first field has the focus."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, press, settle

KEYED = "[...document.querySelectorAll('a[data-key]')].map((one) => [one.dataset.key, one.getAttribute('href')])"
# Whether a page asks for something in its middle, and whether one can type or choose there at once.
ASKS = "!!document.querySelector('main form[data-once] :is(input:not([type=hidden]), select, textarea)')"
FOCUSED = "document.activeElement.matches('main form :is(input, select, textarea)')"
ASIDE = {"?"}  # opens over the page


@pytest.fixture
def page(server, window, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/labels", {"name": "bug", "color": "#338392"}, by=ada)
    server.ask("POST", f"{project}/milestones", {"title": "Spring"}, by=ada)
    server.ask("POST", f"{project}/issues", {"title": "Moss"}, by=ada)
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues/1")
    return page


def test_each_key_that_leads_to_a_form_leads_into_it(page, server):
    found = dict(page.evaluate(KEYED))
    assert set("saplmec") <= found.keys()
    lost, asking = [], 0
    for key, address in found.items():
        page.goto(server.url + address)
        settle(page)
        # A page that shows an issue or a list is read first; the form below is not what the key is for.
        if key in ASIDE or " " in key or not page.evaluate(ASKS):
            continue
        asking += 1
        lost += [] if page.evaluate(FOCUSED) else [(key, address)]
    assert lost == []
    assert asking >= 7


def test_the_keys_are_told_from_the_top(page):
    press(page, "?")
    told = page.get_by_role("dialog", name="Keys")
    expect(told.get_by_role("button", name="Close")).to_be_focused()
    assert told.evaluate("(one) => one.scrollTop") == 0
    expect(told.get_by_role("radio")).to_have_count(0)
    press(page, "Enter")
    expect(told).to_have_count(0)
