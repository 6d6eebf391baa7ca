"""Many issues are changed at once, with scripts and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in


@pytest.mark.parametrize("scripts", [True, False])
def test_ticked_issues_are_changed_and_changed_back(server, window, ada, scripts):
    project = server.project(ada)
    for number in range(1, 5):
        server.ask("POST", f"{project}/issues", {"title": f"Stone {number}"}, by=ada)
    page = window(java_script_enabled=scripts, viewport={"width": 390, "height": 844})
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues")
    expect(page.get_by_role("button", name="More…")).to_be_hidden()
    page.get_by_label("Select", exact=True).check()  # a phone shows the boxes then
    boxes = page.get_by_role("checkbox")
    boxes.nth(1).check()
    boxes.nth(3).click(modifiers=["Shift"])
    picked = 3 if scripts else 2
    page.get_by_role("button", name="More…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Change {picked} issues")
    page.get_by_label("Priority").select_option("High")
    page.get_by_role("button", name=f"Change {picked} issues").click()
    expect(page.get_by_text(f"{picked} issues changed.")).to_be_visible()
    high = f"{project}/issues?q=priority:high"
    assert server.ask("GET", high, by=ada).json["total"] == picked
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text(f"{picked} issues as before.")).to_be_visible()
    assert server.ask("GET", high, by=ada).json["total"] == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_one_box_selects_what_other_pages_show_as_well(server, window, ada, scripts):
    project = server.project(ada)
    for number in range(1, 4):
        server.ask("POST", f"{project}/issues", {"title": f"Stone {number}"}, by=ada)
    page = window(java_script_enabled=scripts)
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues?limit=2")
    rows = page.locator(".issue-row input")
    rows.first.check()
    page.get_by_label("Select all 3").check()
    if scripts:
        expect(page.locator(".picked .count")).to_have_text("All selected")
        expect(rows.last).to_be_checked()
        rows.first.uncheck()
        expect(page.get_by_label("Select all 3")).not_to_be_checked()
        page.get_by_label("Select all 3").check()
    page.get_by_role("button", name="More…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change 3 issues")
