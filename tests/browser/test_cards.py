"""Cards are moved: dragged, with the keyboard, and without a script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, press


@pytest.fixture
def board(server, ada):
    project = server.project(ada)
    for number in range(1, 4):
        server.ask("POST", f"{project}/issues", {"title": f"Stone {number}"}, by=ada)
    return f"{project}/board"


def cards(server, ada, board, column):
    shown = server.ask("GET", board, by=ada).json["columns"]
    return next([card["number"] for card in one["items"]] for one in shown if one["key"] == column)


def test_a_card_is_dragged(server, window, ada, board):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + board)
    with page.expect_response("**/moves"):
        page.locator("#card-1").drag_to(page.locator("[data-column='In progress'] .board-cards"))
    assert cards(server, ada, board, "In progress") == [1]
    with page.expect_response("**/moves"):
        page.locator("#card-2").drag_to(page.locator("#card-3"), target_position={"x": 20, "y": 2})
    assert cards(server, ada, board, "Backlog") == [2, 3]


def test_a_card_that_has_its_column_in_its_id_is_dragged(server, window, ada, board):
    me = server.ask("GET", "/auth/me", by=ada).json["id"]
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{board}?by=assignee")
    with page.expect_response("**/moves"):
        page.locator("#card-1-none").drag_to(page.locator(f"[data-column='{me}'] .board-cards"))
    shown = server.ask("GET", f"{board}?by=assignee", by=ada).json["columns"]
    assert {one["key"]: [card["number"] for card in one["items"]] for one in shown} == {"none": [3, 2], str(me): [1]}


def test_a_card_is_moved_with_the_keyboard(server, window, ada, board):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + board)
    page.get_by_role("link", name="Stone 3").focus()
    press(page, "ArrowDown")
    expect(page.get_by_role("link", name="Stone 2")).to_be_focused()
    for key, column, order in (
        ("Shift+ArrowDown", "Backlog", [3, 1, 2]),
        ("Shift+ArrowUp", "Backlog", [3, 2, 1]),
        ("Shift+ArrowRight", "Todo", [2]),
    ):
        with page.expect_response("**/moves"):
            press(page, key)
        assert cards(server, ada, board, column) == order
        expect(page.get_by_role("link", name="Stone 2")).to_be_focused()
    expect(page.locator("board-columns [role=status]")).to_have_text("Moved to Todo.")


def test_a_move_that_is_refused_is_taken_back_and_told(server, window, ada, board):
    issues = board.replace("/board", "/issues")
    server.ask("PATCH", f"{issues}/1", {"parent": 2}, by=ada)
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + board)
    page.locator("#card-2").drag_to(page.locator("[data-column='Done'] .board-cards"))
    expect(page.locator("board-columns [role=status]")).to_be_visible()
    expect(page.locator("[data-column='Backlog'] .board-cards > li")).to_have_count(3)
    assert cards(server, ada, board, "Done") == []


def test_a_card_is_moved_without_a_script_on_a_small_screen(server, window, ada, board):
    page = window(java_script_enabled=False, viewport={"width": 390, "height": 844})
    log_in(page, server, ada)
    page.goto(server.url + board)
    expect(page.get_by_role("button", name="Move")).to_be_hidden()
    page.get_by_role("radio", name="ROCKERY", exact=False).first.check()
    page.get_by_label("Move to").select_option("In review")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("moved to In review.")).to_be_visible()
    assert cards(server, ada, board, "In review") == [3]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_card_says_in_words_what_it_shows(server, window, ada):
    project = server.project(ada)
    me = server.ask("GET", "/auth/me", by=ada).json["id"]
    server.ask("POST", f"{project}/labels", {"name": "area::parser", "color": "#298954"}, by=ada)
    issue = {
        "title": "A stone",
        "labels": ["area::parser"],
        "assignees": [me],
        "priority": "high",
        "due_on": "2020-01-01",
    }
    server.ask("POST", f"{project}/issues", issue, by=ada)
    server.ask("POST", f"{project}/issues/1/comments", {"body": "Seen."}, by=ada)
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/board")
    said = page.locator("#card-1").aria_snapshot()
    assert "area::parser" in said.replace(" ", "")
    assert "Priority high overdue since 1 Jan 2020 1 comment" in said
    assert [line.strip() for line in said.splitlines() if "- img" in line] == ['- img "Assigned to Ada": A']
