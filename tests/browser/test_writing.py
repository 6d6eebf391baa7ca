"""Where Markdown is typed: its bar, how it will look, lists that go on, people and issues that are named."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, press, type_in

HOSTILE = "<img src=x onerror=alert(1)> Moss"
PASTE = """([text, address]) => {
  const brought = new DataTransfer();
  brought.setData("text/plain", address);
  document.querySelector("textarea[name=body]").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: brought, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def project(server, ada):
    address = server.project(ada)
    for title in ("A stone is loose", HOSTILE, *(f"Lichen {number}" for number in range(12))):
        assert server.ask("POST", f"{address}/issues", {"title": title}, by=ada).status == 201
    assert server.ask("POST", f"{address}/issues/1/comments", {"body": "Seen."}, by=ada).status == 201
    return address


@pytest.fixture
def page(server, window, ada, project):
    """The form of a new issue. What the browser complains of fails the test, but for a login that is over."""
    page, complaints = window(), []
    page.on(
        "console",
        lambda told: complaints.append(told.text) if told.type == "error" and "401" not in told.text else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues/new")
    page.get_by_label("Title").fill("Moss")
    yield page
    assert complaints == []


@pytest.fixture
def text(page):
    field = page.get_by_role("textbox", name="Description")
    field.focus()
    return field


def choose(text, words):
    """Select words of a text, as a mouse would."""
    text.evaluate(
        "(field, words) => { field.focus();"
        " field.setSelectionRange(field.value.indexOf(words), field.value.indexOf(words) + words.length); }",
        words,
    )


def tool(page, name):
    return page.get_by_role("toolbar", name="Formatting").get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Heading", "### one\n### two\n"), ("Bold", "**one\ntwo**\n"), ("Italic", "_one\ntwo_\n"),
        ("Quote", "> one\n> two\n"), ("Code", "```\none\ntwo\n```\n"), ("Link", "[one\ntwo](https://)\n"),
        ("List", "- one\n- two\n"), ("Task list", "- [ ] one\n- [ ] two\n"),
    ],
)  # fmt: skip
def test_each_tool_writes_and_can_be_undone(page, text, name, written):
    type_in(page, "one\ntwo\n")
    choose(text, "one\ntwo")
    tool(page, name).click()
    expect(text).to_have_value(written)
    expect(text).to_be_focused()
    press(page, "Control+z")
    expect(text).to_have_value("one\ntwo\n")


@pytest.mark.parametrize("name", ["Heading", "Bold", "Italic", "Quote", "Code", "List", "Task list"])
def test_a_tool_takes_back_what_it_wrote(page, text, name):
    type_in(page, "a stone here")
    choose(text, "stone ")
    tool(page, name).click()
    expect(text).not_to_have_value("a stone here")
    tool(page, name).click()
    expect(text).to_have_value("a stone here")


@pytest.mark.parametrize(
    ("key", "written"), [("b", "so **x**"), ("i", "so _x_"), ("e", "so `x`"), ("k", "so [x](https://)")]
)
def test_a_key_leads_between_its_marks(page, text, key, written):
    type_in(page, "so ")
    press(page, f"Control+{key}")
    type_in(page, "x")
    expect(text).to_have_value(written)


def test_a_list_becomes_one_of_tasks(page, text):
    type_in(page, "stone")
    tool(page, "List").click()
    tool(page, "Task list").click()
    expect(text).to_have_value("- [ ] stone")


def test_the_bar_is_one_stop_and_arrows_lead_through_it(page, text):
    press(page, "Shift+Tab")
    expect(page.get_by_role("button", name="Write")).to_be_focused()
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    expect(tool(page, "Bold")).to_be_focused()
    press(page, "End", "ArrowRight", "End")
    expect(tool(page, "Attach files")).to_be_focused()
    press(page, "Tab")
    expect(text).to_be_focused()
    press(page, "Tab")
    expect(text).not_to_be_focused()
    page.evaluate("document.documentElement.dir = 'rtl'")
    tool(page, "Bold").focus()
    press(page, "ArrowLeft")
    expect(tool(page, "Italic")).to_be_focused()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (["- a", "b", "", "c"], "- a\n- b\nc"), (["* a", "b"], "* a\n* b"), (["9. a", "b"], "9. a\n10. b"),
        (["- [x] a", "b"], "- [x] a\n- [ ] b"), (["> a", "b"], "> a\n> b"), (["  - a", "b"], "  - a\n  - b"),
        (["> - a", "b"], "> - a\n> - b"), (["a", "b"], "a\nb"), (["```", "- a", "b"], "```\n- a\nb"), (["-a", "b"], "-a\nb"),
    ],
)  # fmt: skip
def test_enter_goes_on_with_a_list(page, text, typed, written):
    for at, line in enumerate(typed):
        if at:
            press(page, "Enter")
        type_in(page, line)
    expect(text).to_have_value(written)


def test_enter_within_a_line_takes_its_rest_along(page, text):
    type_in(page, "- ab")
    press(page, "ArrowLeft", "Enter")
    expect(text).to_have_value("- a\n- b")
    press(page, "Shift+Enter")
    expect(text).to_have_value("- a\n- \nb")


def test_an_address_that_is_pasted_over_words_is_their_link(page, text):
    type_in(page, "see here [x]")
    choose(text, "here")
    page.evaluate(PASTE, ["", "https://example.com/a_(b)"])
    expect(text).to_have_value("see [here](<https://example.com/a_(b)>) [x]")
    choose(text, "[x]")
    page.evaluate(PASTE, ["", "https://example.com/"])  # the browser's own paste, which no script can begin
    expect(text).to_have_value("see [here](<https://example.com/a_(b)>) [x]")


def test_people_are_named_by_keys(page, text):
    type_in(page, "Ask @ad")
    option = page.get_by_role("listbox").get_by_role("option", selected=True)
    expect(option).to_contain_text("@ada")
    assert text.get_attribute("aria-activedescendant") == option.get_attribute("id")
    expect(page.locator("choice-list [role=status]")).to_have_text(re.compile("first of 1"))
    press(page, "Enter")
    expect(text).to_have_value(re.compile(r"^Ask @ada\S* $"))
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_issues_are_named_by_pointer_and_nothing_in_their_titles_runs(page, text):
    type_in(page, "Like #onerr")
    page.get_by_role("option", name=HOSTILE).click()
    expect(text).to_have_value("Like #2 ")
    expect(text).to_be_focused()
    type_in(page, "and #1")
    expect(page.locator("name-completion li")).to_have_text(["A stone is loose #1"])
    press(page, "Tab")
    expect(text).not_to_be_focused()
    expect(text).to_have_value("Like #2 and #1")


def test_a_list_of_many_stays_short_and_escape_closes_it(page, text):
    type_in(page, "\n" * 3 + "#")
    expect(page.locator("name-completion li")).to_have_count(8)
    press(page, "ArrowUp")
    expect(page.locator("name-completion li").last).to_have_attribute("aria-selected", "true")
    press(page, "Escape", "Enter")
    expect(text).to_have_value("\n" * 3 + "#\n")


def test_nothing_is_completed_within_a_word(page, text):
    with page.expect_response("**/choices?*"):
        type_in(page, "@")
    expect(page.locator("name-completion li:visible")).not_to_have_count(0)
    text.fill("")
    type_in(page, "ada@ad")
    page.wait_for_timeout(400)
    expect(page.locator("name-completion li:visible")).to_have_count(0)


def test_a_preview_stands_in_the_place_of_the_text(page, text):
    type_in(page, "A **firm** stone <img src=x onerror=alert(1)>")
    address = page.url
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("strong")).to_have_text("firm")
    expect(page.get_by_role("button", name="Preview", pressed=True)).to_be_focused()
    expect(text).to_have_count(0)
    expect(page.get_by_label("Title")).to_have_value("Moss")
    assert page.url == address
    press(page, "Control+Shift+P")
    expect(text).to_be_focused()
    expect(text).to_have_value(re.compile(r"^A \*\*firm\*\*"))
    expect(page.get_by_role("region", name="Preview")).to_have_count(0)
    press(page, "Control+Shift+P")
    expect(page.get_by_role("region", name="Preview")).to_be_visible()
    page.get_by_role("button", name="Create issue").click()
    expect(page.get_by_role("main").locator("strong", has_text="firm")).to_be_visible()


def test_a_preview_that_does_not_come_leaves_the_text(page, text):
    type_in(page, "A stone")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("No preview came. Try again.")).to_be_visible()
    expect(text).to_have_value("A stone")


def test_a_preview_after_the_login_is_over_keeps_the_text(page, text, server, ada):
    type_in(page, "A stone")
    page.context.clear_cookies()
    page.get_by_role("button", name="Preview").click()
    page.get_by_label("E-mail").fill(ada.email)
    page.get_by_label("Password").fill(ada.password)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    expect(text).to_have_value("A stone")


def test_enter_in_the_title_creates_the_issue(page, text):
    type_in(page, "Body")
    page.get_by_label("Title").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Moss")).to_be_visible()


@pytest.mark.parametrize(
    "at", ["issues/new", "issues/1/edit", "issues/1/comments/new", "issues/1/comments/{comment}/edit"]
)
def test_without_a_script_the_same_form_comes_back_with_the_preview(server, window, ada, project, at):
    page = window(java_script_enabled=False)
    log_in(page, server, ada)
    comment = server.ask("GET", f"{project}/issues/1/comments", by=ada).json["items"][0]["id"]
    page.goto(f"{server.url}{project}/{at.format(comment=comment)}")
    assert page.locator(".tools").is_hidden()
    text = page.locator("textarea[name=body]")
    text.fill("A **firm** stone")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("strong")).to_have_text("firm")
    expect(text).to_have_value("A **firm** stone")
    page.get_by_text("Attach files").click()
    expect(page.locator("#files")).to_be_visible()


@pytest.mark.parametrize(
    "at", ["/projects/new", "{project}/edit", "{project}/milestones/new", "{project}/templates/new"]
)
def test_every_text_has_its_bar(server, window, ada, project, at):
    page = window()
    log_in(page, server, ada)
    page.goto(server.url + at.format(project=project))
    text = page.get_by_role("textbox", name="Description")
    text.fill("stone")
    choose(text, "stone")
    tool(page, "Bold").click()
    expect(text).to_have_value("**stone**")
