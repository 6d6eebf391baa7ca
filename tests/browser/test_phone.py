"""What fits on the first screen of a phone, and whether a finger meets it."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in

LOW = """([css, high]) => [...document.querySelectorAll(css)]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < high)
  .map((one) => one.outerHTML.slice(0, 120))"""
# What stands for itself, not in a sentence, must be as high as a finger is wide.
CONTROLS = ".button, .tabs a, .segments a, summary, .site-nav > a, .beside a, select, main input:not([type=checkbox], [type=radio], [aria-hidden])"
FINGER = 44
HELD = "INSERT INTO held_posts (issue_id, comment_id, private) VALUES (%s, %s, false) RETURNING id"


@pytest.fixture
def project(server, ada):
    address = server.project(ada)
    me = server.ask("GET", "/auth/me", by=ada).json["id"]
    for name in ("bug", "docs", "ferry"):
        server.ask("POST", f"{address}/labels", {"name": name, "color": "#338392"}, by=ada)
    view = {"name": "Bugs", "query": "label:bug", "pinned": True, "shared": True}
    server.ask("POST", f"{address}/views", view, by=ada)
    issue = {"title": "A stone on the northern side of the wall is loose " * 3, "labels": ["bug", "docs", "ferry"]}
    for _ in range(8):
        sent = {**issue, "priority": "high", "assignees": [me], "due_on": "2020-01-01"}
        assert server.ask("POST", f"{address}/issues", sent, by=ada).status == 201
    return address


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def phone(request, server, window, ada, project):
    size = {"width": 390, "height": 844}
    page = window(viewport=size, has_touch=True, is_mobile=True, java_script_enabled=request.param)
    log_in(page, server, ada)
    return page


def test_five_issues_are_seen_at_once(phone, server, project):
    phone.goto(f"{server.url}{project}/issues")
    rows = phone.locator(".issue-row")
    boxes = [rows.nth(at).bounding_box() for at in range(8)]
    assert boxes[0]["y"] <= 300
    assert len([box for box in boxes if box["y"] + box["height"] <= 844]) >= 5
    assert phone.locator(".site-header").bounding_box()["height"] <= 64
    assert phone.locator(".project-head .tabs").bounding_box()["height"] <= 50


def test_rows_are_ticked_once_somebody_wants_to(phone, server, project):
    phone.goto(f"{server.url}{project}/issues")
    box = phone.locator(".issue-row input").first
    expect(box).to_be_hidden()
    phone.get_by_label("Select", exact=True).check()
    box.check()
    expect(phone.get_by_role("button", name="More…")).to_be_visible()


def test_what_a_list_is_asked_is_a_tap_away(phone, server, project):
    phone.goto(f"{server.url}{project}/issues")
    expect(phone.get_by_label("Filter", exact=True)).to_be_hidden()
    phone.locator(".asked > summary").tap()
    phone.get_by_label("Filter", exact=True).fill("is:open label:bug")
    phone.get_by_role("button", name="Apply").tap()
    expect(phone.get_by_text("8 open issues with label bug")).to_be_visible()


def test_the_search_is_a_tap_away(phone, server, project):
    phone.goto(f"{server.url}{project}/issues")
    phone.get_by_role("search").get_by_role("button", name="Search").tap()
    expect(phone.get_by_role("searchbox", name="Words")).to_be_visible()


@pytest.mark.parametrize("path", ["/issues", "/board", "/issues/1?q=is:open", "/issues/1/edit", ""])
def test_controls_are_as_high_as_a_finger(server, window, ada, project, path):
    page = window(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}{path}")
    assert page.locator(CONTROLS).count() > 10
    assert page.evaluate(LOW, [CONTROLS, FINGER - 0.5]) == []


def test_a_table_whose_columns_need_room_has_it(phone, server):
    phone.goto(f"{server.url}/styleguide")
    table = phone.get_by_role("region", name="Mails")
    assert table.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0
    first, second = (table.locator("tbody tr > *").nth(at).bounding_box() for at in (0, 1))
    assert second["y"] >= first["y"] + first["height"]


def test_what_waits_or_is_private_is_as_wide_as_the_screen(server, window, ada):
    project = server.project(ada)
    for body in ({"title": "Pills"}, {"title": "A hole", "private": True}):
        assert server.ask("POST", f"{project}/issues", body, by=ada).status == 201
    for number in (1, 2):
        body = {"body": "Pills!", "private": True}
        assert server.ask("POST", f"{project}/issues/{number}/comments", body, by=ada).status == 201
    first, said = (server.ask("GET", f"{project}/issues/1{rest}", by=ada).json for rest in ("", "/comments"))
    for comment in (None, said["items"][0]["id"]):
        server.rows(HELD, first["id"], comment)
    page = window(viewport={"width": 390, "height": 844}, is_mobile=True, java_script_enabled=False)
    log_in(page, server, ada)
    for language in ("de", "en"):  # the last is what others here go on with
        server.ask("PATCH", "/auth/me", {"language": language}, by=ada)
        for path in ("issues/1", "issues/2", "moderation"):
            page.goto(f"{server.url}{project}/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") == 390, path
            for pill in page.locator("main .pill").all():
                box = pill.bounding_box()
                assert box["x"] + box["width"] <= 390, pill.text_content()
    key = page.locator(".issue-row label .key").last
    assert key.evaluate("(one) => one.getClientRects().length") == 1
