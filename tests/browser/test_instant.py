"""Pages that come at once: fetched ahead when a link is pointed at, and kept whole for the way back."""

import pytest

from tests.browser.conftest import FLAGS, log_in, sync_api

KEPT = """[window.was_kept,
  JSON.stringify(performance.getEntriesByType("navigation")[0].notRestoredReasons)]"""
ARRIVED = "performance.getEntriesByType('navigation')[0].deliveryType"


@pytest.fixture(scope="module")
def with_cache(playwright, program):
    """A browser as people have it: Playwright's own has no cache of pages."""
    browser = playwright.chromium.launch(
        executable_path=program, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@pytest.fixture
def project(server, ada):
    address = server.project(ada)
    for number in range(3):
        server.ask("POST", f"{address}/issues", {"title": f"Stone {number}"}, by=ada)
    return address


@pytest.fixture
def page(with_cache, server, ada):
    page = with_cache.new_page()
    log_in(page, server, ada)
    yield page
    page.context.close()


def test_a_row_that_is_pointed_at_is_there_at_once(server, page, ada, project):
    page.goto(f"{server.url}{project}/issues")
    shown = []
    with page.expect_response(lambda one: one.url.endswith("/issues/2")):
        page.get_by_role("link", name="Stone 1").hover()
    page.on("request", lambda one: shown.append(one.headers.get("x-purpose")))
    with page.expect_request(lambda one: one.headers.get("x-purpose") == "shown"):
        page.get_by_role("link", name="Stone 1").click()
    assert page.evaluate(ARRIVED) == "navigational-prefetch"
    page.goto(server.url)
    sync_api.expect(page.get_by_role("heading", name="Recently viewed")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "{project}/issues", "{project}/issues/1", "{project}/board"])
def test_the_way_back_is_a_page_as_it_was_left(server, page, project, path):
    page.goto(server.url + path.format(project=project))
    page.evaluate("addEventListener('pageshow', (event) => { window.was_kept = event.persisted; })")
    page.goto(f"{server.url}/keys")
    page.go_back(wait_until="commit")  # nothing is loaded, so nothing says that it was
    was_kept, reasons = page.evaluate(KEPT)
    assert was_kept, reasons
