"""Saved views by hand, without a script: saved from what is shown, opened, changed, and made the list's beginning."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in


@pytest.fixture
def project(server, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/labels", {"name": "bug", "color": "#338392"}, by=ada)
    for title, names in (("A stone is loose", ["bug"]), ("Moss", [])):
        server.ask("POST", f"{project}/issues", {"title": title, "labels": names}, by=ada)
    return project


def test_a_view_is_saved_opened_changed_and_made_the_default(server, window, ada, project):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues")
    page.get_by_label("Filter", exact=True).fill("is:open label:bug")
    page.get_by_role("button", name="Apply").first.click()
    page.get_by_role("link", name="Save view").click()
    expect(page.get_by_label("Filter")).to_have_value("is:open label:bug")
    page.get_by_label("Name").fill("Bugs")
    page.get_by_label("Everyone who can see the project").check()
    page.get_by_role("button", name="Save view").click()

    views = page.get_by_role("navigation", name="Views")
    expect(views.get_by_role("link", name="Bugs")).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("link", name="Moss")).to_have_count(0)

    page.get_by_label("Filter", exact=True).fill("label:bug is:all")
    page.get_by_role("button", name="Apply").first.click()
    expect(page.get_by_text("Shared view, changed")).to_be_visible()
    page.get_by_role("button", name="Update view").click()
    expect(page.get_by_text("Shared view, changed")).to_have_count(0)
    expect(page.get_by_label("Filter", exact=True)).to_have_value("label:bug is:all")

    page.get_by_role("link", name="All views").click()
    page.get_by_role("button", name="Make default Bugs").click()
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Issues").click()
    expect(page.get_by_text("The project’s default view")).to_be_visible()
    views.get_by_role("link", name="All issues").click()
    expect(page.get_by_role("link", name="Moss")).to_be_visible()

    views.get_by_role("link", name="Bugs").click()
    page.get_by_role("link", name="Edit view").click()
    page.get_by_label("Board", exact=True).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Board")).to_be_visible()
    expect(views.get_by_role("link", name="Bugs")).to_have_attribute("aria-current", "page")
