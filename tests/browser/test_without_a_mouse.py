"""From the login to a closed issue without a mouse: by shortcuts, and without a script by Tab and Enter alone."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from tests.browser.conftest import log_in, press, type_in
from tests.browser.judging import look

TWINS = "() => [...document.querySelectorAll('[id]')].map((one) => one.id).filter((id, at, all) => all.indexOf(id) !== at)"


@pytest.fixture
def issues(server, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/labels", {"name": "bug", "color": "#338392"}, by=ada)
    for title, labels in (("Moss", []), ("A stone is loose", ["bug"]), ("Lichen", ["bug"])):
        server.ask("POST", f"{project}/issues", {"title": title, "labels": labels}, by=ada)
    return f"{project}/issues"


def tab_to(page, name, most=60):
    """Press Tab until the focus is on what has this name; returns how often."""
    for times in range(1, most + 1):
        press(page, "Tab")
        if page.evaluate(
            "(name) => (document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText ?? '').trim().startsWith(name)",
            name,
        ):
            return times
    raise AssertionError(f"Tab never reaches {name}.")


def go_by_keys(page, *keys, to, tries=20):
    """Two keys must follow each other within a second and a half, which a busy machine may not manage at once."""
    for _ in range(tries):
        press(page, *keys)
        with suppress(TimeoutError):
            return page.wait_for_url(f"**{to}", timeout=3000)
    raise AssertionError(f"{keys} never lead to {to}.")


def log_in_by_keys(page, server, ada):
    page.goto(f"{server.url}/auth/login")
    page.get_by_label("E-mail").focus()
    type_in(page, ada.email)
    tab_to(page, "Password")
    type_in(page, ada.password)
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Your work")).to_be_visible()


def test_by_shortcuts(server, window, ada, issues):
    page = window()
    log_in_by_keys(page, server, ada)
    key = issues.split("/")[2]
    press(page, "Control+k")
    expect(page.get_by_role("combobox", name="Go to")).to_be_focused()
    type_in(page, key)
    press(page, "Enter")  # at once: it waits for what was typed
    page.wait_for_url(f"**/projects/{key}")
    go_by_keys(page, "g", "i", to=issues)
    press(page, "f")
    type_in(page, " label:bug ")
    press(page, "Enter")
    expect(page.get_by_role("link", name="Moss")).to_have_count(0)
    press(page, "j")
    expect(page.get_by_role("link", name="Lichen")).to_be_focused()
    press(page, "j", "x")
    expect(page.locator("input:checked")).to_have_count(1)
    press(page, "k", "ArrowDown", "o")
    expect(page.get_by_role("heading", level=1)).to_contain_text("A stone is loose")
    press(page, "[")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lichen")
    press(page, "]")
    expect(page.get_by_role("heading", level=1)).to_contain_text("A stone is loose")
    press(page, "r")
    type_in(page, "Wedged it. ")
    press(page, "Control+b")
    type_in(page, "Firm")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Wedged it. **Firm**")
    press(page, "Control+Enter")
    expect(page.get_by_text("Wedged it.")).to_be_visible()
    press(page, "s")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    tab_to(page, "Close issue")
    press(page, "Enter")
    expect(page.get_by_role("main").get_by_text("Closed", exact=False).first).to_be_visible()
    assert server.ask("GET", f"{issues}/2", by=ada).json["state"] == "closed"


def test_without_a_script(server, window, ada, issues):
    page = window(java_script_enabled=False)
    log_in_by_keys(page, server, ada)
    page.goto(server.url + issues)
    tab_to(page, "Filter")
    press(page, "End")
    type_in(page, " label:bug")
    press(page, "Enter")
    expect(page.get_by_role("link", name="Moss")).to_have_count(0)
    tab_to(page, "A stone is loose")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("A stone is loose")
    tab_to(page, "Comment")
    type_in(page, "Wedged it.")
    tab_to(page, "Comment and close")
    press(page, "Enter")
    expect(page.get_by_text("Wedged it.")).to_be_visible()
    assert server.ask("GET", f"{issues}/2", by=ada).json["state"] == "closed"


def test_the_first_row_is_near(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issues)
    presses = tab_to(page, "Skip to main content")
    press(page, "Enter")
    presses += tab_to(page, "Skip to the issues")
    press(page, "Enter")
    assert presses + tab_to(page, "Lichen") <= 12


def test_the_row_that_one_came_from_has_the_focus(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{issues}?q=label:bug")
    for way_back in (page.go_back, page.get_by_role("link", name="Back to the list").click):
        page.get_by_role("link", name="A stone is loose").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("A stone is loose")
        way_back()
        expect(page.get_by_role("link", name="A stone is loose")).to_be_focused()


def test_the_card_that_one_came_from_has_the_focus(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{issues.replace('/issues', '/board')}")
    for way_back in (page.go_back, page.get_by_role("link", name="Back to the board").click):
        page.get_by_role("link", name="A stone is loose").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("A stone is loose")
        way_back()
        expect(page.get_by_role("link", name="A stone is loose").first).to_be_focused()


def test_a_comment_quotes_what_is_selected(server, window, ada, issues):
    server.ask("PATCH", f"{issues}/1", {"body": "It grows on the north side."}, by=ada)
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{issues}/1")
    page.get_by_text("It grows on the north side.").select_text()
    press(page, "r")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("> It grows on the north side.\n\n")


def test_keys_are_told_over_the_page_and_can_be_switched_off(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issues)
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys").get_by_text("Copy the link")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(f"{server.url}/keys")
    page.get_by_label("Off").check()
    page.get_by_role("button", name="Save").click()
    page.goto(server.url + issues)
    press(page, "c", "j")
    expect(page.get_by_role("heading", level=1, name="Issues")).to_be_visible()
    expect(page.get_by_role("link", name="Lichen")).not_to_be_focused()


def test_no_key_is_taken_from_a_field(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{issues}/1")
    page.get_by_label("Comment", exact=True).focus()
    type_in(page, "cage /?. [x]")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("cage /?. [x]")


def test_a_range_is_ticked_by_keys(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issues)
    press(page, "j", "x", "j", "j", "Shift+X")
    expect(page.locator("pick-rows input:checked")).to_have_count(3)
    press(page, "k", "x")
    expect(page.locator("pick-rows input:checked")).to_have_count(2)
    expect(page.locator("pick-rows .count")).to_have_text("2 selected")
    press(page, "Escape")
    expect(page.locator("pick-rows input:checked")).to_have_count(0)
    expect(page.locator("pick-rows [role=status]")).to_have_text("None selected")


@pytest.mark.parametrize(
    ("key", "written", "chosen"),
    [
        ("b", "a **stone** ", "stone"), ("i", "a _stone_ ", "stone"), ("e", "a `stone` ", "stone"),
        ("k", "a [stone](https://) ", "https://"),
    ],
)  # fmt: skip
def test_markdown_is_put_around_what_is_selected(server, window, ada, issues, key, written, chosen):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{issues}/1")
    field = page.get_by_label("Comment", exact=True)
    field.fill("a stone ")
    field.evaluate("(field) => { field.focus(); field.setSelectionRange(2, 7); }")
    press(page, f"Control+{key}")
    expect(field).to_have_value(written)
    assert field.evaluate("(field) => field.value.slice(field.selectionStart, field.selectionEnd)") == chosen
    press(page, "Control+z")
    expect(field).to_have_value("a stone ")


def test_a_text_is_previewed_by_a_key(server, window, ada, issues):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{issues}/1")
    field = page.get_by_label("Comment", exact=True)
    field.focus()
    type_in(page, "A **firm** stone")
    press(page, "Control+Shift+P")
    expect(page.locator(".preview strong")).to_have_text("firm")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("A **firm** stone")


@pytest.fixture
def palette(server, window, ada, issues):
    """The palette, open over the list of issues."""
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issues)
    page.get_by_role("link", name="Lichen").focus()
    press(page, "Control+k")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    return page


def test_enter_waits_for_what_was_typed(palette, issues):
    key = issues.split("/")[2]
    type_in(palette, f"{key}-2")
    press(palette, "Enter")
    palette.wait_for_url(f"**{issues}/2")


def test_escape_closes_the_palette_and_leads_back(palette):
    type_in(palette, "loose")
    press(palette, "Escape")
    expect(palette.get_by_role("dialog")).to_have_count(0)
    expect(palette.get_by_role("link", name="Lichen")).to_be_focused()


def test_the_palette_has_the_links_of_the_page(palette):
    type_in(palette, "label")
    palette.get_by_role("dialog").get_by_role("option", name="Labels", exact=True).click()
    palette.wait_for_url("**/labels")


def test_no_place_stands_twice_in_the_palette(palette):
    expect(palette.get_by_role("dialog").get_by_role("option", name="Projects")).to_have_count(1)


def test_the_palette_says_that_nothing_is_found(palette):
    type_in(palette, "qqqqqqqq")
    expect(palette.get_by_role("dialog").get_by_role("status")).to_have_text("Nothing has that name.")
    expect(palette.get_by_role("combobox", name="Go to")).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("opens", ["Control+k", "?"])
def test_what_opens_over_a_page_passes_its_checks(server, window, ada, issues, opens):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + issues)
    press(page, opens)
    expect(page.get_by_role("dialog").locator("[role=option], tr").first).to_be_visible()
    within = page.get_by_role("dialog").inner_html()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        dim, _ = look(page, "dim")
        assert [what for what in dim if what in within] == []  # nothing behind it can be reached
    assert look(page, "nameless") == look(page, "wide", 1280) == []
    assert page.evaluate(TWINS) == []


def test_the_keys_of_a_page_leave_room_for_projects(palette, server, issues):
    palette.goto(f"{server.url}{issues}/2?q=is:open")
    press(palette, "Control+k")
    projects = palette.get_by_role("dialog").get_by_role("group", name="Projects").get_by_role("option")
    expect(projects.first.locator(".key")).to_have_text(re.compile("^[A-Z]+[0-9]+$"))  # of whichever project
