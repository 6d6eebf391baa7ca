"""A page that stays open says when it has become another one, and moves nothing until it is asked."""

import pytest

from tests.browser.conftest import log_in, sync_api

expect = sync_api.expect
SOONER = "const wait = window.setTimeout; window.setTimeout = (act, ms) => wait(act, ms > 9000 ? 200 : ms);"
SHIFTS = """() => { window.moved = 0; new PerformanceObserver((list) => { for (const one of list.getEntries())
  window.moved += one.value; }).observe({ type: "layout-shift" }); }"""


@pytest.fixture
def project(server, ada):
    address = server.project(ada)
    for number in range(3):
        server.ask("POST", f"{address}/issues", {"title": f"Stone {number}"}, by=ada)
    return address


@pytest.fixture
def page(server, window, ada):
    page = window()
    log_in(page, server, ada)
    page.add_init_script(SOONER)
    return page


def test_a_comment_is_told_of_and_shown_when_asked(server, page, ada, project):
    statuses = []
    page.goto(f"{server.url}{project}/issues/1")
    page.on("response", lambda one: statuses.append(one.status) if one.url.endswith("/issues/1") else None)
    page.evaluate(SHIFTS)
    page.locator("textarea[name=body]").first.fill("What I am typing")
    page.wait_for_timeout(1500)
    assert page.locator("live-news a").count() == 0
    assert statuses, statuses
    for said in ("Seen.", "Again."):
        server.ask("POST", f"{project}/issues/1/comments", {"body": said}, by=ada)
    link = page.get_by_role("link", name="2 new comments: show")
    expect(link).to_be_visible()
    assert page.get_by_text("Again.").count() == 0
    assert page.evaluate("window.moved") == 0
    link.click()
    expect(page.get_by_text("Again.")).to_be_visible()
    expect(link).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('.card').textContent").count("Seen.") == 1
    assert page.locator("textarea[name=body]").first.input_value() == "What I am typing"


@pytest.mark.parametrize(("path", "rows"), [("/issues", ".issue-row"), ("/board", ".board-cards > li")])
def test_a_list_tells_how_much_of_it_changed(server, page, ada, project, path, rows):
    page.goto(f"{server.url}{project}{path}")
    page.wait_for_timeout(1000)
    assert page.locator("live-news a").count() == 0
    server.ask("PATCH", f"{project}/issues/2", {"title": "Another stone"}, by=ada)
    server.ask("POST", f"{project}/issues", {"title": "A new stone"}, by=ada)
    link = page.get_by_role("link", name="2 changed: show")
    expect(link).to_be_visible()
    assert page.locator(rows).count() == 3
    link.click()
    expect(page.locator(rows)).to_have_count(4)
    expect(page.get_by_text("Another stone")).to_be_visible()
    expect(link).to_have_count(0)


def test_what_is_there_stays_while_the_server_cannot_be_reached(server, page, ada, project):
    page.goto(f"{server.url}{project}/issues/1")
    server.ask("POST", f"{project}/issues/1/comments", {"body": "Seen."}, by=ada)
    link = page.get_by_role("link", name="1 new comment: show")
    expect(link).to_be_visible()
    page.context.set_offline(True)
    link.click()
    expect(link).not_to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stone 0")
    page.context.set_offline(False)
    link.click()
    expect(page.get_by_text("Seen.")).to_be_visible()


def test_nobody_asks_for_whom_nobody_is_signed_in(server, page, project):
    asked = []
    page.goto(f"{server.url}{project}/issues")
    page.context.clear_cookies()
    page.wait_for_timeout(800)
    page.on("request", lambda one: asked.append(one.url))
    page.wait_for_timeout(1200)
    assert asked == []
