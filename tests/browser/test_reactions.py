"""Reactions are pressed where the text is read, with a script and without, by mouse and by key."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, press


@pytest.fixture
def issue(server, ada):
    address = f"{server.project(ada)}/issues"
    number = server.ask("POST", address, {"title": "A stone is loose"}, by=ada).json["number"]
    server.ask("POST", f"{address}/{number}/comments", {"body": "Seen."}, by=ada)
    return f"{address}/{number}"


def test_a_press_is_seen_without_loading_the_page_anew(server, window, ada, issue):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issue)
    page.get_by_label("Comment", exact=True).fill("Half a thought")
    press(page, "Escape")
    page.locator("h1").click()
    press(page, "v")
    thumb = page.get_by_role("button", name="1 person: thumbs up, you too")
    expect(thumb).to_have_attribute("aria-pressed", "true")
    expect(thumb).to_be_focused()
    comment = page.locator(".timeline .card")
    comment.locator("summary").click()
    comment.get_by_role("button", name="Heart", exact=True).click()
    heart = comment.get_by_role("button", name="1 person: heart, you too")
    expect(heart).to_be_focused()
    heart.click()
    expect(heart).to_have_count(0)
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Half a thought")
    assert server.ask("GET", issue, by=ada).json["reactions"] == {"total": 1, "+1": 1}


def test_without_a_script_it_comes_back_to_its_place(server, window, ada, issue):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(server.url + issue)
    comment = page.locator(".timeline .card")
    comment.locator("summary").click()
    comment.get_by_role("button", name="Rocket", exact=True).click()
    assert "#c" in page.url
    comment.get_by_role("button", name="1 person: rocket, you too").click()
    expect(comment.locator(".chip")).to_have_count(0)
