"""The bells by hand, without a script: of a project, of an issue, of a view."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in


@pytest.fixture
def project(server, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/issues", {"title": "A stone is loose"}, by=ada)
    server.ask("POST", f"{project}/views", {"name": "Open ones", "query": "is:open", "pinned": True}, by=ada)
    return project


def test_what_somebody_hears_is_chosen_and_shown(server, window, ada, project):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}")
    page.get_by_text("Participating").click()
    page.get_by_role("button", name="New issues").click()
    expect(page.get_by_text("You hear of new issues, and of what you take part in.")).to_be_visible()

    page.goto(f"{server.url}{project}/issues/1")
    page.locator("summary", has_text="New issues").click()
    expect(page.get_by_text("You hear of this because you opened it.")).to_be_visible()
    page.get_by_role("button", name="Nothing, unless it names you").click()
    page.locator("summary", has_text="Nothing").click()
    expect(page.get_by_text("You chose to hear nothing of this.")).to_be_visible()
    page.get_by_role("button", name="As usual").click()

    page.get_by_role("link", name="Issues").last.click()
    page.get_by_role("link", name="Open ones").click()
    page.get_by_role("button", name="Watch").click()
    expect(page.get_by_role("button", name="Watching")).to_be_visible()
