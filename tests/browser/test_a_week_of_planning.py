"""An issue goes through all that a team does to it, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.attachments.pictures import picture
from tests.browser.conftest import log_in

PHONE = {"width": 390, "height": 844}
SHOT = {"name": "shot.png", "mimeType": "image/png", "buffer": picture()}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def page(request, server, window, ada):
    page = window(java_script_enabled=request.param, viewport=PHONE)
    log_in(page, server, ada)
    page.goto(f"{server.url}/projects/new")
    page.get_by_label("Name").fill("Planning")
    press(page, "Create project")
    page.project, page.has_scripts = page.url.partition("/issues/")[0], request.param
    for title in ("Mend the wall", "The wall is broken", "Fetch stones"):
        page.goto(f"{page.project}/issues/new")
        page.get_by_label("Title").fill(title)
        press(page, "Create issue")
    return page


def press(page, name):
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def at(page, path):
    page.goto(f"{page.project}{path}")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url


def sees(page, words):
    expect(page.get_by_role("main")).to_contain_text(words)


def test_a_week_of_planning(page):
    assign_label_and_schedule(page)
    tie_it_to_others(page)
    close_another_as_its_duplicate(page)
    mention_it_and_tick_a_task(page)
    attach_a_picture(page)
    be_warned_before_it_is_finished(page)
    undo_what_was_done(page)


def assign_label_and_schedule(page):
    at(page, "/labels")
    page.get_by_label("Name").fill("kind::bug")
    press(page, "Create label")
    at(page, "/milestones/new")
    page.get_by_label("Title").fill("Before winter")
    press(page, "Create milestone")
    at(page, "/issues/1")
    first = page.locator("input[type=checkbox]:not([name=private])").first  # a comment may be private
    for part, choose in (
        ("assignees", lambda: first.check()),
        ("labels", lambda: first.check()),
        ("milestone", lambda: page.get_by_text("Before winter").click()),
        ("status", lambda: page.get_by_text("In progress").click()),
    ):
        page.get_by_role("link", name=f"Change {part}").click()
        choose()
        if part in ("assignees", "labels") or not page.has_scripts:
            press(page, "Save")
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.goto(page.url)
    sees(page, "Before winter")
    sees(page, "In progress")
    at(page, "/issues")
    expect(page.get_by_role("img", name="Open, In progress")).to_be_visible()


def tie_it_to_others(page):
    at(page, "/issues/1/relations")
    page.get_by_label("This issue").select_option("is blocked by")
    page.get_by_label("Issue", exact=True).fill("#3")
    press(page, "Link")
    sees(page, "Is blocked by")
    page.get_by_label("This issue").select_option("blocks")
    page.get_by_label("Issue", exact=True).fill("#3")
    press(page, "Link")
    sees(page, "would go in a circle")
    expect(page.get_by_label("Issue", exact=True)).to_have_value("#3")


def close_another_as_its_duplicate(page):
    at(page, "/issues/2/closure")
    page.get_by_role("textbox", name="Duplicate of").fill("#1")
    press(page, "Close issue")
    sees(page, "Closed as duplicate")
    sees(page, "closed this as duplicate of")


def mention_it_and_tick_a_task(page):
    at(page, "/issues/3")
    page.get_by_label("Comment", exact=True).fill("For #1:\n\n- [ ] large ones\n- [ ] small ones")
    press(page, "Comment")
    page.get_by_role("checkbox", name="small ones").check()
    if (save := page.get_by_role("button", name=re.compile("^Save"))).count():
        save.first.click()
    page.wait_for_load_state("networkidle")
    at(page, "/issues/3")
    sees(page, "ticked small ones")
    page.get_by_role("main").get_by_role("link", name="#1").first.click()
    sees(page, "mentioned this in")


def attach_a_picture(page):
    at(page, "/issues/1")
    page.locator("#files").set_input_files(SHOT)
    if page.has_scripts:
        expect(page.get_by_label("Comment", exact=True)).to_have_value(re.compile(r"!\[shot.png\]\(/attachments/"))
    press(page, "Comment")
    expect(page.get_by_role("img", name="shot.png")).to_be_visible()


def be_warned_before_it_is_finished(page):
    at(page, "/issues/1")
    press(page, "Close issue")
    sees(page, "It is blocked by")
    page.get_by_label("Close it anyway").check()
    press(page, "Close issue")
    sees(page, "Reopen issue")


def undo_what_was_done(page):
    page.get_by_role("button", name="Undo").click()
    sees(page, "Close issue")


def test_two_windows_change_the_same_title(page):
    other = page.context.new_page()
    other.project = page.project
    for window in (page, other):
        at(window, "/issues/1/edit")
    other.get_by_label("Title").fill("Theirs")
    press(other, "Save")
    page.get_by_label("Title").fill("Mine")
    page.get_by_label("Description").fill("And a description that only one wrote.")
    press(page, "Save")
    sees(page, "Somebody else changed this while you wrote.")
    sees(page, "Theirs")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Mine")
    page.get_by_label(re.compile("Save mine over theirs")).check()
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mine")
    sees(page, "And a description that only one wrote.")
