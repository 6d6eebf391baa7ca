"""With scripts, what is typed survives a closed tab; it is forgotten once it is saved."""

import pytest

from tests.browser.conftest import log_in


@pytest.fixture
def page(window, server, ada):
    page = window()
    log_in(page, server, ada)
    return page


@pytest.fixture
def place(server, ada):
    return f"{server.url}{server.project(ada)}/issues"


def kept(page, number):
    page.wait_for_function("n => Object.keys(localStorage).length === n", arg=number)


def typed(page, place):
    """Type a new issue, and close the tab."""
    page.goto(f"{place}/new")
    page.get_by_label("Title").fill("Typed long")
    page.get_by_label("Description").fill("Line 1\nLine 2")
    kept(page, 1)
    other = page.context.new_page()
    page.close()
    other.goto(f"{place}/new")
    return other


def test_a_closed_tab_loses_nothing(page, place):
    page = typed(page, place)
    assert page.get_by_label("Description").input_value() == "Line 1\nLine 2"
    page.get_by_role("status").filter(has_text="Restored what you typed on").wait_for()


def test_what_is_saved_is_forgotten(page, place):
    page = typed(page, place)
    page.get_by_role("button", name="Create issue").click()
    page.get_by_text("opened.").first.wait_for()
    kept(page, 0)
    page.goto(f"{place}/new")
    assert page.get_by_label("Title").input_value() == ""


def test_what_is_refused_is_not(page, place):
    page = typed(page, place)
    page.get_by_label("Title").fill("")
    page.get_by_role("button", name="Create issue").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    kept(page, 1)
    page.goto(f"{place}/new")
    assert page.get_by_label("Description").input_value() == "Line 1\nLine 2"


def test_it_can_be_discarded(page, place):
    page = typed(page, place)
    page.get_by_role("button", name="Discard").click()
    assert page.get_by_label("Title").input_value() == ""
    kept(page, 0)


def test_logging_out_forgets_it(page, place):
    page = typed(page, place)
    page.locator("summary", has_text="Ada").click()
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("You are logged out.").wait_for()
    kept(page, 0)
