"""The query box: completed while it is typed, and a plain form without a script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in


@pytest.fixture
def issues(server, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/labels", {"name": "needs help", "color": "#338392"}, by=ada)
    for title, names in (("A stone is loose", ["needs help"]), ("Moss", [])):
        server.ask("POST", f"{project}/issues", {"title": title, "labels": names}, by=ada)
    return f"{project}/issues"


def test_fields_and_values_are_completed_with_the_keyboard(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issues)
    box = page.get_by_label("Filter", exact=True)
    box.press("End")
    box.press_sequentially(" la")
    expect(page.locator("#q-word li")).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value("is:open label:")
    box.press_sequentially("ne")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "q-word-0")
    box.press("Enter")
    expect(box).to_have_value('is:open label:"needs help" ')
    expect(page.locator("#q-word")).to_be_hidden()
    box.press("Enter")
    expect(page.get_by_text("1 open issue with label needs help, newest first")).to_be_visible()
    expect(page.get_by_role("link", name="A stone is loose")).to_be_visible()
    expect(page.get_by_role("link", name="Moss")).to_have_count(0)


def test_the_filters_do_without_a_script(server, window, ada, issues):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(server.url + issues)
    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("Label", exact=True).select_option("needs help")
    page.get_by_role("button", name="Apply").first.click()
    expect(page.get_by_label("Filter", exact=True)).to_have_value('is:open label:"needs help"')
    page.get_by_role("link", name="Label: needs help").click()
    expect(page.get_by_role("link", name="Moss")).to_be_visible()
    page.get_by_label("Filter", exact=True).fill("lable:x")
    page.get_by_role("button", name="Apply").first.click()
    expect(page.get_by_text("Did you mean label:?").first).to_be_visible()
    expect(page.get_by_label("Filter")).to_have_value("lable:x")


def test_completed_names_are_names(server, window, ada):
    project = server.project(ada)
    for name in ("none", "a,b", 'say "so"', "kind::bug"):
        server.ask("POST", f"{project}/labels", {"name": name, "color": "#338392"}, by=ada)
        server.ask("POST", f"{project}/issues", {"title": f"Has {name}", "labels": [name]}, by=ada)
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues")
    box = page.get_by_label("Filter", exact=True)
    for begun, written in (
        ("label:no", 'label:"none" '),
        ('label:"a', 'label:"a,b" '),
        ('label:"a,b",sa', 'label:"a,b","say \\"so\\"" '),
        ("label:kind::", "label:kind::bug "),
        ("label:none", 'label:"none" '),
    ):
        box.fill("")
        box.press_sequentially(begun)
        box.press("ArrowDown")
        expect(box).to_have_attribute("aria-activedescendant", "q-word-0")
        box.press("Enter")
        expect(box).to_have_value(written)
    box.press("Enter")
    expect(page.get_by_role("link", name="Has none")).to_be_visible()
    expect(page.get_by_role("link", name="Has a,b")).to_have_count(0)
