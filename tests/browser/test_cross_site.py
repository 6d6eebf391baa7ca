"""Other people's pages, in the browser of somebody who is logged in."""

import pytest

from tests.browser.conftest import log_in
from tests.server.running import serving

TRAP = """<!doctype html><title>A prize</title>
<form method="post" action="{url}/projects"><input name="name" value="Trap"></form>
<script>document.forms[0].submit()</script>"""


@pytest.fixture
def elsewhere():
    """A site that Cairn has never heard of."""
    with serving() as site:
        yield site


@pytest.fixture
def trap(request, server, elsewhere, front_end):
    """The address of a page whose form sends itself, at one of three places."""
    site = front_end if request.param == "a trusted front end" else elsewhere
    site.pages["/prize"] = TRAP.format(url=server.url)
    return f"http://{'evil.test' if request.param == 'another site' else 'localhost'}:{site.port}/prize"


# To another site the browser keeps back the cookie, so nobody is logged in there; to another port it does not.
@pytest.mark.parametrize(
    ("trap", "status"),
    [("another site", 303), ("another port", 403), ("a trusted front end", 403)],
    indirect=["trap"],
)
def test_a_form_that_sends_itself_changes_nothing(server, window, ada, trap, status):
    page = window()
    log_in(page, server, ada)
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.goto(trap)
    assert answer.value.status == status
    assert server.rows("SELECT id FROM projects WHERE name = 'Trap'") == []


def test_another_site_cannot_log_anybody_out(server, window, ada, elsewhere):
    elsewhere.pages["/prize"] = TRAP.format(url=server.url).replace("/projects", "/auth/logout")
    page = window()
    log_in(page, server, ada)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.goto(f"http://evil.test:{elsewhere.port}/prize")
    page.goto(server.url)
    assert page.get_by_role("heading", level=1).inner_text() == "Your work"


def test_no_page_can_be_framed(server, window, elsewhere):
    elsewhere.pages["/frame"] = f"<!doctype html><title>Frame</title><iframe src={server.url}/auth/login></iframe>"
    page = window()
    page.goto(f"http://evil.test:{elsewhere.port}/frame")
    assert page.frames[1].get_by_label("Password").count() == 0
