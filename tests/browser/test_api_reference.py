"""The API reference can be used by who is logged in, without a token and without typing anything."""

import pytest

from tests.browser.conftest import log_in


@pytest.fixture
def reference(window, server, ada):
    """/docs, opened after a login through the page; what the policy forbids is collected."""
    page = window()
    page.set_default_timeout(60_000)  # the reference is large, and drawn by its own script
    page.refused = []
    page.on("console", lambda said: page.refused.append(said.text) if "Security Policy" in said.text else None)
    log_in(page, server, ada)
    page.goto(f"{server.url}/docs")
    return page


def try_out(page, operation):
    """Open an operation, and let it be carried out with what stands there; returns the status."""
    block = page.locator(f"#operations-{operation}")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    return block.locator(".live-responses-table .response-col_status").last.inner_text().split()[0]


def test_what_is_filled_in_beforehand_is_carried_out(reference, server):
    assert try_out(reference, "projects-projects_create") == "201"
    assert server.rows("SELECT name FROM projects WHERE name = 'Dry stone wall'")
    assert try_out(reference, "auth-auth_update_me") == "200"
    assert not reference.refused
