"""How much of a list is seen at once, and whether its rows can be scanned down their columns."""

import pytest

from tests.browser.conftest import log_in

WIDE = {"width": 1280, "height": 900}
SHORT, LONG = "A stone is loose", "A stone on the northern side of the wall is loose " * 4


@pytest.fixture(scope="module")
def issues(server, ada):
    """A list of 20, under two views, with titles that are short and longer than a row."""
    project = server.project(ada)
    me = server.ask("GET", "/auth/me", by=ada).json["id"]
    for name in ("bug", "docs", "ferry"):
        server.ask("POST", f"{project}/labels", {"name": name, "color": "#338392"}, by=ada)
    for name in ("Bugs", "Docs"):
        server.ask("POST", f"{project}/views", {"name": name, "query": "label:bug", "pinned": True}, by=ada)
    more = {"labels": ["bug", "docs", "ferry"], "assignees": [me], "priority": "high", "due_on": "2020-01-01"}
    for at in range(20):
        sent = {"title": LONG, **more} if at % 2 else {"title": SHORT, "due_on": "2099-01-01"}
        assert server.ask("POST", f"{project}/issues", sent, by=ada).status == 201
    return f"{server.url}{project}/issues"


@pytest.fixture
def page(server, window, ada):
    page = window(viewport=WIDE)
    log_in(page, server, ada)
    return page


def boxes(page):
    return page.locator(".issue-row").evaluate_all("rows => rows.map((row) => row.getBoundingClientRect().toJSON())")


def chosen(page, server, density):
    page.goto(f"{server.url}/appearance")
    page.get_by_label(density).check()
    page.get_by_role("button", name="Save").click()


@pytest.mark.parametrize(("density", "height", "seen"), [("Comfortable", 56, 11), ("Compact", 36, 18)])
def test_rows_are_low_and_many_are_seen_at_once(page, server, issues, density, height, seen):
    chosen(page, server, density)
    page.goto(issues)
    rows = boxes(page)
    assert rows[0]["top"] <= 240
    assert max(row["height"] for row in rows) <= height
    assert len([row for row in rows if row["bottom"] <= WIDE["height"]]) >= seen


def test_what_stands_at_the_end_of_rows_stands_in_columns(page, issues):
    page.goto(issues)
    for kind in (".due", ".stones", ".people"):
        left = page.locator(f".issue-row {kind}").evaluate_all(
            "all => all.map((one) => one.getBoundingClientRect().left)"
        )
        assert len(left) >= 10
        assert len(set(left)) == 1, kind
