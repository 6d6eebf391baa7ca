"""A login that was over while somebody typed: what they typed is back, has the focus, and is in view on a phone."""

import pytest

from tests.browser.conftest import log_in, settle

PHONE = {"width": 390, "height": 844}
LONG = "Seen after rain.\n\n" + "It moves when the wind comes from the west. " * 40
SEEN = """(field) => {
  const { top, bottom, left, right } = field.getBoundingClientRect(), above = document.querySelector("body > header"),
    { innerHeight, innerWidth } = window, head = ["sticky", "fixed"].includes(getComputedStyle(above).position);
  return { focused: document.activeElement === field, across: left >= 0 && right <= innerWidth,
    down: top >= (head ? above.getBoundingClientRect().bottom : 0) && top + Math.min(bottom - top, 80) <= innerHeight };
}"""


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def page(window, server, ada, request):
    page = window(viewport=PHONE, java_script_enabled=request.param, has_touch=True)
    log_in(page, server, ada)
    return page


@pytest.fixture
def project(server, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/issues", {"title": "A stone is loose", "body": LONG}, by=ada)
    for _ in range(12):
        server.ask("POST", f"{project}/issues/1/comments", {"body": LONG}, by=ada)
    return project


def sent_after_the_end(page, server, ada, button):
    """Send when the login is over, and log in."""
    page.context.clear_cookies()
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_label("Password").fill(ada.password)
    page.get_by_label("E-mail").fill(ada.email)
    page.get_by_role("main").get_by_role("button", name="Log in").click()
    page.get_by_text("This is what you typed before you logged in.").wait_for(state="attached")


@pytest.mark.parametrize(
    ("at", "name", "button"),
    [
        ("issues/1", "body", "Comment"),
        ("issues/1/edit", "body", "Save"),
        ("issues/new", "title", "Create issue"),
    ],
)
def test_what_was_typed_is_back_and_in_view(page, server, ada, project, at, name, button):
    page.goto(f"{server.url}{project}/{at}")
    field = page.locator(f"#{name}")
    field.fill(text := "Typed while the login ended.")
    sent_after_the_end(page, server, ada, button)
    assert field.input_value() == text
    settle(page)
    assert field.evaluate(SEEN) == {"focused": True, "across": True, "down": True}
