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
    expect(page.locator(".latest")).to_contain_text("moved to Todo.")


def test_the_board_is_true_after_a_move_and_takes_it_back(server, window, ada, board):
    statuses = board.replace("/board", "/statuses")
    todo = next(one for one in server.ask("GET", statuses, by=ada).json["items"] if one["name"] == "Todo")
    server.ask("PATCH", f"{statuses}/{todo['id']}", {"wip_limit": 1}, by=ada)
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + board)
    backlog, todo = (page.locator(f"[data-column='{name}'] summary") for name in ("Backlog", "Todo"))
    for left, number, words in ((2, 1, "1 of 1"), (1, 2, "2 of 1")):
        page.locator(f"#card-{number}").drag_to(page.locator("[data-column='Todo'] .board-cards"))
        expect(page.locator(".latest")).to_contain_text(f"-{number} moved to Todo.")
        expect(todo.locator(".count")).to_have_text(words)
        expect(backlog.locator(".count")).to_have_text(str(left))
    expect(todo).to_contain_text("over")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert page.url == server.url + board
    assert cards(server, ada, board, "Todo") == [1]
    expect(todo).not_to_contain_text("over")


def test_issues_are_begun_in_a_column(server, window, ada, board):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + board)
    todo = page.locator("[data-column='Todo']")
    todo.get_by_role("link", name="New issue").click()
    for title in ("Lichen", "Fern"):
        press(page, *title, "Enter")
        expect(todo.get_by_role("link", name=title)).to_be_visible()
        expect(page.get_by_role("textbox", name="New issue in Todo")).to_be_focused()
    expect(todo.locator(".count")).to_have_text("2")
    assert cards(server, ada, board, "Todo") == [5, 4]
    with page.expect_response("**/moves"):
        page.locator("#card-5").drag_to(page.locator("[data-column='Done']"))
    press(page, *"x" * 201, "Enter")
    page.get_by_role("textbox", name="New issue in Todo").press("Escape")
    expect(todo.get_by_role("link", name="New issue")).to_be_focused()


def test_a_column_of_a_person_begins_what_is_theirs(server, window, ada, board):
    me = server.ask("GET", "/auth/me", by=ada).json["id"]
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{board}?by=assignee")
    mine = page.locator(f"[data-column='{me}']")
    mine.get_by_role("link", name="New issue").click()
    press(page, *"Lichen", "Enter")
    expect(mine.get_by_role("link", name="Lichen")).to_be_visible()
    expect(mine.locator(".count")).to_have_text("1")


def test_without_a_script_a_column_leads_to_the_form(server, window, ada, board):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(server.url + board)
    page.locator("[data-column='Todo']").get_by_role("link", name="New issue").click()
    expect(page.get_by_label("Status")).to_have_value("Todo")


@pytest.mark.parametrize("width", [1280, 1920])
def test_a_board_fills_the_window_and_its_columns_scroll(server, window, ada, board, width):
    for number in range(4, 30):
        server.ask("POST", board.replace("/board", "/issues"), {"title": f"Stone {number}"}, by=ada)
    page = window(viewport={"width": width, "height": 900})
    log_in(page, server, ada)
    page.goto(server.url + board)
    assert page.evaluate("document.documentElement.scrollHeight") == 900
    long = page.locator("[data-column='Backlog']")
    assert long.evaluate("(column) => column.scrollHeight > column.clientHeight")
    heading = long.locator("summary").bounding_box()["y"]
    long.evaluate("(column) => column.scrollTo(0, 500)")
    assert abs(long.locator("summary").bounding_box()["y"] - heading) <= 2
    wide = page.locator(".board").evaluate("(board) => board.scrollWidth / board.clientWidth")
    assert wide <= (1 if width == 1920 else 1.25)


def test_a_move_that_is_refused_is_taken_back_and_told(server, window, ada, board):
    issues = board.replace("/board", "/issues")
    server.ask("PATCH", f"{issues}/1", {"parent": 2}, by=ada)
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + board)
    page.locator("#card-2").drag_to(page.locator("[data-column='Done']"))
    expect(page.locator(".latest")).to_be_visible()
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


def test_an_empty_column_of_closed_issues_is_a_strip_until_it_is_opened(server, window, ada, board):
    server.ask("PATCH", board.replace("/board", "/issues/2"), {"status": "Canceled"}, by=ada)
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    page.goto(server.url + board)
    wide = {
        name: page.locator(f"[data-column='{name}']").bounding_box()["width"] for name in ("Done", "Canceled", "Todo")
    }
    assert wide["Done"] < 60 < wide["Canceled"] == wide["Todo"]
    page.locator("[data-column='Done'] summary").click()
    expect(page.locator("[data-column='Done'] .board-cards")).to_be_visible()
    assert page.locator("[data-column='Done']").bounding_box()["width"] == wide["Todo"]


def test_on_a_phone_a_column_comes_into_view_by_its_name(server, window, ada, board):
    page = window(java_script_enabled=False, viewport={"width": 390, "height": 844})
    log_in(page, server, ada)
    page.goto(server.url + board)
    expect(page.locator("[data-column='In progress'] .board-foot")).not_to_be_in_viewport()
    page.get_by_role("navigation", name="Columns").get_by_role("link", name="In progress").click()
    expect(page.locator("[data-column='In progress'] .board-foot")).to_be_in_viewport()


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
