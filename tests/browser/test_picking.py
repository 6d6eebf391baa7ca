"""Of many people a form offers a few; the rest is found while it is typed, or looked up without a script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import log_in, press

MASONS = """
    WITH masons AS (
        INSERT INTO users (name, email, handle)
        SELECT 'Mason ' || n, 'mason' || n || '.' || projects.key || '@example.com', lower(projects.key) || '-mason-' || n
        FROM generate_series(0, 13) n, projects WHERE projects.key = %s RETURNING id
    )
    INSERT INTO memberships (project_id, user_id, role)
    SELECT projects.id, masons.id, 'member' FROM masons, projects WHERE projects.key = %s RETURNING user_id
"""


@pytest.fixture
def project(server, ada):
    """A project with more people than a form offers."""
    project = server.project(ada)
    key = project.rpartition("/")[2]
    server.rows(MASONS, key, key)
    return project


def assignees(server, ada, project):
    return [one["name"] for one in server.ask("GET", f"{project}/issues/1", by=ada).json["assignees"]]


def test_somebody_is_found_while_their_name_is_typed(server, window, ada, project):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues/new")
    page.get_by_label("Title").fill("A stone is loose")
    with page.expect_response("**/choices?*q=Mason+13"):
        page.get_by_label("Others", exact=True).fill("Mason 13")
    press(page, "Enter")
    expect(page.get_by_label("Mason 13")).to_be_checked()
    expect(page.get_by_label("Others", exact=True)).to_have_value("")
    page.get_by_label("Title").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="A stone is loose")).to_be_visible()
    assert assignees(server, ada, project) == ["Mason 13"]


def test_somebody_is_looked_up_without_a_script(server, window, ada, project):
    page = window(java_script_enabled=False, viewport={"width": 390, "height": 844})
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues/new")
    page.get_by_label("Title").fill("A stone is loose")
    page.get_by_label("Others", exact=True).fill("mason 1")
    page.get_by_role("button", name="Look up others").click()
    expect(page.get_by_label("Title")).to_have_value("A stone is loose")
    expect(page.get_by_role("checkbox", name="Mason 1", exact=True)).to_be_checked()
    page.get_by_label("Others", exact=True).fill("Mas")
    page.get_by_role("button", name="Look up others").click()
    page.get_by_role("checkbox", name="Mason 5").check()
    page.get_by_label("Title").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="A stone is loose")).to_be_visible()
    assert assignees(server, ada, project) == ["Mason 1", "Mason 5"]


def test_a_list_is_filtered_by_one_of_many(server, window, ada, project):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues")
    page.get_by_text("Filters", exact=True).click()
    handle = server.ask("GET", f"{project}/choices?q=Mason+7", by=ada).json["items"][0]["handle"]
    with page.expect_response("**/choices?*q=Mason+7"):
        page.get_by_label("Assignee").fill("Mason 7")
    expect(page.locator("#assignee-found option")).to_have_attribute("value", handle)
    page.get_by_label("Assignee").fill(handle)
    press(page, "Enter")
    expect(page.get_by_role("link", name=f"Assignee: {handle}")).to_be_visible()


def test_names_before_the_one_that_was_found_stay(server, window, ada, project):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues/new")
    page.get_by_label("Title").fill("A stone is loose")
    with page.expect_response("**/choices?*q=Mason+13"):
        page.get_by_label("Others", exact=True).fill("mason 12, Mason 13")
    press(page, "Enter")
    expect(page.get_by_label("Mason 13")).to_be_checked()
    expect(page.get_by_label("Others", exact=True)).to_have_value("mason 12")
    page.get_by_label("Title").focus()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="A stone is loose")).to_be_visible()
    assert assignees(server, ada, project) == ["Mason 12", "Mason 13"]


def test_nobody_is_taken_who_was_found_for_another_text(server, window, ada, project):
    page = window()
    log_in(page, server, ada)
    page.goto(f"{server.url}{project}/issues/new")
    with page.expect_response("**/choices?*q=Mason+13"):
        page.get_by_label("Others", exact=True).fill("Mason 13")
    typed_on = """input => {
      input.value = "Mason 12";
      input.dispatchEvent(new InputEvent("input"));
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", cancelable: true }));
    }"""
    page.get_by_label("Others", exact=True).evaluate(typed_on)
    expect(page.get_by_label("Others", exact=True)).to_have_value("Mason 12")
    expect(page.get_by_role("checkbox", name="Mason 13")).to_have_count(0)
