"""Tasks are ticked where they are read, with a script and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in


@pytest.fixture
def issue(server, ada):
    address = f"{server.project(ada)}/issues"
    draft = {"title": "A stone is loose", "body": "- [ ] Mix mortar\n- [x] Buy stones"}
    number = server.ask("POST", address, draft, by=ada).json["number"]
    return f"{address}/{number}"


def body_of(server, ada, issue):
    return server.ask("GET", issue, by=ada).json["body"]


def test_a_box_that_is_ticked_is_saved_at_once(server, window, ada, issue):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issue)
    page.get_by_label("Mix mortar").check()
    page.get_by_label("Buy stones").uncheck()
    expect(page.locator("task-list [role=status]")).to_have_text("Saved.")
    page.reload()
    expect(page.get_by_label("Mix mortar")).to_be_checked()
    assert body_of(server, ada, issue) == "- [x] Mix mortar\n- [ ] Buy stones"


def test_a_box_that_cannot_be_saved_is_as_before_and_says_why(server, window, ada, issue):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issue)
    server.ask("PATCH", issue, {"body": "Another text"}, by=ada)
    page.get_by_label("Mix mortar").click()
    expect(page.locator("task-list [role=status]")).to_contain_text("Somebody else changed this text meanwhile.")
    expect(page.get_by_label("Mix mortar")).not_to_be_checked()


def test_without_a_script_a_button_saves_them(server, window, ada, issue):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(server.url + issue)
    page.get_by_label("Mix mortar").check()
    page.get_by_role("button", name="Save tasks").click()
    expect(page.get_by_label("Mix mortar")).to_be_checked()
    assert body_of(server, ada, issue) == "- [x] Mix mortar\n- [x] Buy stones"
