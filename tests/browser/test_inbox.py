"""The inbox by mouse, by keys, and without a script."""

import os
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, press
from tests.browser.judging import look
from tests.browser.test_without_a_mouse import TWINS
from tests.databases import connected

TELL = """
    INSERT INTO inbox_items (user_id, issue_id, reason, first_unread_id, last_event_id, updated_at)
    SELECT users.id, events.issue_id, {reason}, min(events.id), max(events.id), now() - make_interval(mins => issues.number::int * 7)
    FROM events JOIN issues ON issues.id = events.issue_id JOIN projects ON projects.id = issues.project_id, users
    WHERE projects.key = '{key}' AND users.email = '{email}'
    GROUP BY users.id, events.issue_id, issues.number
"""
REASON = "(ARRAY['assigned', 'mentioned', 'watching', 'commented'])[issues.number]"


@pytest.fixture
def told(server, ada):
    """Ada, and what Bob did to four issues that she was told of; the first is the last that she was told of."""
    project = server.project(ada)
    bob = server.person("Bob")
    key = project.split("/")[2]
    server.ask("POST", f"{project}/members", {"email": bob.email, "role": "member"}, by=ada)
    titles = ("A stone is loose", "Moss on the north side of a wall whose name is rather long", "Lichen", "Frost")
    for number, title in enumerate(titles, 1):
        server.ask("POST", f"{project}/issues", {"title": title, "priority": "high"}, by=bob)
        server.ask("PATCH", f"{project}/issues/{number}", {"priority": "urgent"}, by=bob)
    server.ask("POST", f"{project}/issues/1/comments", {"body": "It **moved** when I stood on it."}, by=bob)
    server.ask("POST", f"{project}/issues/1/closure", {}, by=bob)
    with closing(connected(server.database)) as connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM inbox_items")
        cursor.execute(TELL.format(reason=REASON, key=key, email=ada.email))
    return project


def titles(page):
    return page.locator("main li > div > a.title").all_inner_texts()


def test_by_keys(server, window, ada, told):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url)
    expect(page.get_by_role("link", name="Inbox 4 unread")).to_be_visible()
    page.goto(f"{server.url}/inbox")
    press(page, "j")
    expect(page.get_by_role("link", name="A stone is loose")).to_be_focused()
    press(page, "e")
    expect(page.get_by_text("-1 is done.")).to_be_visible()
    expect(page.get_by_role("link", name="Inbox 3 unread")).to_be_visible()
    # Who acted on a row goes on with the one that followed it.
    press(page, "u")
    expect(page.get_by_text("-2 is read.")).to_be_visible()
    expect(page.get_by_role("link", name="Inbox 2 unread")).to_be_visible()
    press(page, "z")
    expect(page.get_by_text("It is as before.")).to_be_visible()
    # An undo leads to the row that is there again.
    expect(page.get_by_role("link", name="Moss on the north side")).to_be_focused()
    press(page, "j", "h")
    expect(page.get_by_role("button", name="In three hours").last).to_be_focused()
    press(page, "Tab", "Enter")
    expect(page.get_by_text("-3 comes back on")).to_be_visible()
    page.goto(f"{server.url}/inbox")
    press(page, "j", "j", "m")
    expect(page.get_by_text("-4 is muted and done.")).to_be_visible()
    assert len(titles(page)) == 1
    page.goto(f"{server.url}/inbox")
    press(page, "j", "o")
    expect(page.get_by_text("New since you were last here")).to_be_visible()
    assert page.url.endswith("#new")
    expect(page.get_by_role("link", name="Inbox", exact=True)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_ticked_rows_and_all_that_match(server, window, ada, told, scripts):
    page = window(java_script_enabled=scripts, viewport={"width": 390, "height": 844})
    log_in(page, server, ada)
    page.goto(f"{server.url}/inbox")
    page.get_by_role("checkbox", name="Select").nth(1).check()
    page.get_by_role("button", name="Done", exact=True).first.click()
    expect(page.get_by_text("1 issue is done.")).to_be_visible()
    page.get_by_role("checkbox", name="Select").first.check()
    page.get_by_role("checkbox", name="All 3").check()
    page.locator(".picked summary").click()
    page.locator(".picked").get_by_role("button", name="Tomorrow").click()
    expect(page.get_by_text("3 issues are asleep for a while.")).to_be_visible()
    expect(page.get_by_role("heading", name="All done")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    assert len(titles(page)) == 3


@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_seen_and_read_by_all(server, window, ada, told, width):
    page = window(viewport={"width": width, "height": 900})
    log_in(page, server, ada)
    for url in ("/inbox", "/inbox?q=is:done", "/inbox?q=nothing", "/inbox?q=reason:mentioned", f"{told}/issues/1"):
        page.goto(server.url + url)
        if shots := os.environ.get("INBOX_SHOTS"):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                name = url.replace("/", "_").replace("?", "_").replace(":", "-")
                page.screenshot(path=f"{shots}/{width}{name}-{scheme}.png", full_page=True)
                if url == "/inbox":
                    page.get_by_role("checkbox", name="Select").nth(1).check()
                    page.locator("#" + page.locator("li.issue-row").nth(1).get_attribute("id") + " summary").click()
                    page.screenshot(path=f"{shots}/{width}{name}-open-{scheme}.png")
                    page.reload()
        assert look(page, "nameless") == look(page, "wide", width) == []
        assert look(page, "dim")[0] == []
        assert page.evaluate(TWINS) == []


def test_a_phone_says_why_as_well(server, window, ada, told):
    page = window()
    log_in(page, server, ada)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server.url}/inbox")
    size = page.locator("main li .meta").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size > 10
    expect(page.locator("main li .meta").first).to_contain_text("You are assigned")
    assert look(page, "wide", 390) == []
