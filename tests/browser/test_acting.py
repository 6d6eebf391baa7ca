"""The palette acts: it presses what the page has, and changes the issue, the row or the ticked rows at hand."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, press, settle, type_in

MARK, STAYED = "() => { window.stayed = true; }", "() => window.stayed === true"


@pytest.fixture
def project(server, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/labels", {"name": "bug", "color": "#338392"}, by=ada)
    for title in ("Moss", "A stone is loose", "Lichen"):
        server.ask("POST", f"{project}/issues", {"title": title}, by=ada)
    return project


@pytest.fixture
def page(server, window, ada, project):
    page = window()
    log_in(page, server, ada)
    return page


def at(page, server, path):
    page.goto(f"{server.url}{path}")
    settle(page)
    page.evaluate(MARK)


def options(page):
    return page.get_by_role("dialog").get_by_role("option")


def act(page, text, offered):
    """Open the palette, type, and take the first of what is offered, which is called so."""
    press(page, "Control+k")
    expect(options(page).first).to_be_visible()
    type_in(page, text)
    expect(options(page).first).to_contain_text(offered)
    expect(page.get_by_role("dialog").get_by_role("option", selected=True)).to_contain_text(offered)
    press(page, "Enter")


def issue(server, ada, project, number):
    return server.ask("GET", f"{project}/issues/{number}", by=ada).json


def test_a_value_is_chosen_by_its_field_and_name(page, server, ada, project):
    at(page, server, f"{project}/issues/1")
    page.get_by_role("link", name="Change labels").focus()
    act(page, "priority high", "Priority: High")
    expect(page.get_by_role("link", name="Change priority")).to_contain_text("High")
    expect(page.get_by_role("link", name="Change labels")).to_be_focused()
    assert page.evaluate(STAYED)
    act(page, "labels bug", "Labels: bug")
    expect(page.locator("[data-piece=details]")).to_contain_text("bug")
    act(page, "labels bug", "Labels: without bug")
    expect(page.locator("[data-piece=details]")).not_to_contain_text("bug")
    press(page, "Control+k")
    type_in(page, "priority")
    expect(options(page).filter(has_text="Priority: Low")).to_be_visible()
    expect(options(page).filter(has_text="Priority: High")).to_have_count(0)  # it is so already


def test_few_values_are_found_without_their_field(page, server, ada, project):
    at(page, server, f"{project}/issues/1")
    act(page, "high", "Priority: High")
    expect(page.get_by_role("link", name="Change priority")).to_contain_text("High")
    act(page, "progress", "Status: In progress")
    expect(page.get_by_role("link", name="Change status")).to_contain_text("In progress")
    at(page, server, f"{project}/issues")
    page.get_by_role("link", name="Lichen").focus()
    act(page, "urgent", "Priority: Urgent")
    expect(page.locator(".latest")).to_contain_text("Saved.")
    for number in (0, 1):
        page.get_by_role("checkbox", name=re.compile("^Select [A-Z]")).nth(number).check()
    act(page, "low", "Priority: Low")
    expect(page.locator(".latest")).to_contain_text("2 issues changed.")
    assert [issue(server, ada, project, one)["priority"] for one in (1, 2, 3)] == ["high", "low", "low"]


def test_a_picker_is_opened_and_left_to_where_one_was(page, server, project):
    at(page, server, f"{project}/issues")
    page.get_by_role("link", name="Moss").focus()
    act(page, "mileston", "Milestone…")
    expect(page.get_by_role("dialog", name="Milestone")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Moss")).to_be_focused()


def test_the_focused_row_is_acted_on(page, server, ada, project):
    at(page, server, f"{project}/issues")
    page.get_by_role("link", name="Moss").focus()
    act(page, "close not", "Close issue: Not planned")
    expect(page.locator(".latest")).to_contain_text("Closed.")
    assert (issue(server, ada, project, 1)["close_reason"], page.evaluate(STAYED)) == ("not_planned", True)
    page.get_by_role("link", name="Lichen").focus()
    act(page, "assign to me", "Assign to me")
    expect(page.locator(".latest")).to_contain_text("Saved.")
    assert len(issue(server, ada, project, 3)["assignees"]) == 1


def test_the_rows_that_are_ticked_are_acted_on_together(page, server, ada, project):
    at(page, server, f"{project}/issues")
    for number in (0, 2):
        page.get_by_role("checkbox", name=re.compile("^Select [A-Z]")).nth(number).check()
    press(page, "Control+k")
    expect(page.get_by_role("dialog").get_by_role("group", name="With the 2 selected")).to_be_visible()
    type_in(page, "priority urgent")
    expect(options(page).first).to_contain_text("Priority: Urgent")
    press(page, "Enter")
    expect(page.locator(".latest")).to_contain_text("2 issues changed.")
    assert [issue(server, ada, project, one)["priority"] for one in (1, 2, 3)] == ["urgent", "none", "urgent"]


@pytest.mark.parametrize(
    ("typed", "offered", "meant"),
    [("priority urgent", "Priority: Urgent", "[value=urgent]"), ("assign to me", "Assign to me", "[data-me]")],
)
def test_before_all_that_match_are_changed_it_is_said_how_many(page, server, ada, project, typed, offered, meant):
    at(page, server, f"{project}/issues")
    page.get_by_role("checkbox", name=re.compile("^Select [A-Z]")).first.check()
    page.get_by_role("checkbox", name="Select all 3").check()
    press(page, "Control+k")
    expect(page.get_by_role("dialog").get_by_role("group", name="With all that match")).to_be_visible()
    type_in(page, typed)
    expect(options(page).first).to_contain_text(offered)
    press(page, "Enter")
    dialog = page.get_by_role("dialog", name="of 3 issues")
    expect(dialog).to_be_visible()
    expect(dialog.locator(meant).first).to_be_checked()  # what was picked is not asked again
    assert {issue(server, ada, project, one)["priority"] for one in (1, 2, 3)} == {"none"}
    assert not any(issue(server, ada, project, one)["assignees"] for one in (1, 2, 3))


def test_what_fails_in_a_strange_way_keeps_no_later_change_from_being_saved(page, server, ada, project):
    at(page, server, f"{project}/issues/1")
    page.evaluate("() => { document.querySelector('pick-value').sent = () => { throw new Error('strange'); }; }")
    with page.expect_navigation():
        act(page, "priority high", "Priority: High")
    settle(page)
    act(page, "priority low", "Priority: Low")
    expect(page.get_by_role("link", name="Change priority")).to_contain_text("Low")
    assert page.locator("[aria-busy=true]").count() == 0


def test_buttons_forms_and_menus_of_a_page_are_pressed(page, server, ada, project):
    at(page, server, f"{project}/issues/1")
    act(page, "comment", "Comment")
    expect(page.get_by_label("Comment", exact=True)).to_be_focused()
    page.get_by_role("link", name="Change status").focus()
    act(page, "watch nothing", "Watch: Nothing")
    expect(page.get_by_text("You hear nothing of this any more.")).to_be_visible()
    act(page, "close as not", "Close as: Not planned")
    expect(page.get_by_role("button", name="Reopen issue")).to_be_visible()
    assert issue(server, ada, project, 1)["close_reason"] == "not_planned"
    act(page, "move to", "Move to another project…")
    page.wait_for_url("**/move")


def test_names_have_no_counts_and_the_brand_is_called_for_what_it_leads_to(page, server, project):
    at(page, server, f"{project}/issues")
    press(page, "Control+k")
    type_in(page, "iss")
    expect(page.get_by_role("option", name="Issues g i", exact=True)).to_have_count(1)
    press(page, "Control+a")
    type_in(page, "your work")
    expect(page.get_by_role("option", name="Your work g d", exact=True)).to_have_count(1)


def test_what_was_looked_at_lately_is_there_before_anything_is_typed(page, server, project):
    for number in (2, 1):
        at(page, server, f"{project}/issues/{number}")
    press(page, "Control+k")
    recent = page.get_by_role("dialog").get_by_role("group", name="Recent issues")
    expect(recent.get_by_role("option").first).to_contain_text("A stone is loose")
    expect(recent.filter(has_text="Moss")).to_have_count(0)  # one is there


def test_whoever_has_no_keys_opens_it_at_the_foot(page, server, project):
    at(page, server, f"{project}/issues")
    page.get_by_role("link", name="Go to or do").click()
    expect(page.get_by_role("combobox", name="Go to or do")).to_be_focused()
    assert page.evaluate(STAYED)
