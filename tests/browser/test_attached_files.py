"""Files, chosen, pasted and dropped in a real browser."""

import re
from base64 import b64encode

import pytest
from playwright.sync_api import expect

from tests.attachments.pictures import picture
from tests.browser.conftest import log_in

# In base64: a list of numbers takes Playwright seconds.
BROUGHT = """([how, name, type, bytes]) => {
  const brought = new DataTransfer();
  brought.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt())], name, {type}));
  const told = how === "paste" ? new ClipboardEvent("paste", {clipboardData: brought, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: brought, bubbles: true, cancelable: true});
  document.querySelector("textarea[name=body]").dispatchEvent(told);
}"""
MARKDOWN = re.compile(r"!\[shot\.png\]\(/attachments/\d+/shot\.png\?w=640&h=480\)")
PICTURE = picture()
SHOT = {"name": "shot.png", "mimeType": "image/png", "buffer": PICTURE}


@pytest.fixture
def page(server, window, ada):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{server.project(ada)}/issues/new")
    page.get_by_label("Title").fill("A stone is loose")
    return page


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_that_is_brought_is_shown_in_the_issue(page, how):
    page.evaluate(BROUGHT, [how, "shot.png", "image/png", b64encode(PICTURE).decode()])
    expect(page.get_by_label("Description")).to_have_value(MARKDOWN)
    page.get_by_role("button", name="Create issue").click()
    shown = page.get_by_role("img", name="shot.png")
    expect(shown).to_be_visible()
    assert shown.evaluate("one => one.decode().then(() => [one.naturalWidth, one.naturalHeight])") == [480, 360]


def test_chosen_files_stand_at_the_cursor_and_are_sent_once(page):
    page.get_by_label("Description").fill("Before")
    page.locator("#files").set_input_files([SHOT, {**SHOT, "name": "log.txt", "buffer": b"stones"}])
    expect(page.get_by_label("Description")).to_have_value(re.compile(r"Before\n!\[shot.*\)\n\[log\.txt\]\(.*\)\n"))
    expect(page.locator("attach-files [role=status]")).to_have_text("Attached. Save to keep it.")
    page.get_by_role("button", name="Create issue").click()
    expect(page.get_by_role("link", name="log.txt")).to_have_count(1)


def test_a_fault_is_told_and_the_text_is_as_before(page):
    page.get_by_label("Description").fill("Before\n")
    page.route("**/attachments", lambda route: route.abort())
    page.locator("#files").set_input_files(SHOT)
    expect(page.locator("attach-files [role=status]")).to_contain_text("shot.png could not be uploaded.")
    expect(page.get_by_label("Description")).to_have_value("Before\n\n")


def test_an_uploaded_page_is_downloaded_and_not_run(page, server):
    page.locator("#files").set_input_files({**SHOT, "name": "a.svg", "buffer": b"<svg onload='alert(1)'/>"})
    expect(page.get_by_label("Description")).to_have_value(re.compile(r"\[a\.svg\]"))
    page.get_by_role("button", name="Create issue").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="a.svg").click()
    assert download.value.suggested_filename == "a.svg"
