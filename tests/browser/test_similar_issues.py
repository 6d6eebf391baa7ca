"""What is like an issue that is being written: while its title is typed, and without a script in the preview."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in


@pytest.fixture
def issues(server, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/issues", {"title": "Pagination breaks on the last page"}, by=ada)
    server.ask("POST", f"{project}/issues", {"title": "Moss"}, by=ada)
    return f"{project}/issues"


def test_they_are_shown_while_the_title_is_typed(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{issues}/new")
    page.get_by_label("Title").press_sequentially("Wrong pagination")
    similar = page.get_by_role("main").get_by_role("link", name="Pagination breaks on the last page")
    expect(similar).to_be_visible()
    expect(page.get_by_role("link", name="Moss")).to_have_count(0)
    page.get_by_label("Title").fill("")
    expect(similar).to_have_count(0)


def test_the_preview_shows_them_without_a_script(server, window, ada, issues):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(f"{server.url}{issues}/new")
    page.get_by_label("Title").fill("Wrong pagination")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("link", name="Pagination breaks on the last page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Pagination breaks")


def test_the_header_searches(server, window, ada, issues):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(server.url + issues)
    page.get_by_role("search").get_by_label("Search").fill("pagniation")
    page.get_by_role("search").get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nothing has “pagniation”. Showing what has “pagination”.")).to_be_visible()
    expect(page.locator("mark", has_text="Pagination")).to_be_visible()
