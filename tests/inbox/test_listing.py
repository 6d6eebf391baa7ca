import pytest

from tests.inbox.telling import tell


@pytest.fixture
def project(make, ada):
    return make.project(ada, key="WALL")


@pytest.fixture
def bob(make, project):
    return make.member(project, "member")


def test_a_row_tells_the_issue_the_reason_and_what_happened(api, browser, app, make, ada, bob, project):
    issue = make.issue(project, ada, title="A loose stone")
    api(ada).patch("/projects/WALL/issues/1", {"priority": "high"})
    tell(app, bob, issue, "assigned")
    (row,) = api(bob).get("/inbox")["items"]
    assert (row["reason"], row["issue"]["key"], row["unread"], row["done"]) == ("assigned", "WALL-1", True, False)
    assert [one["kind"] for one in row["events"]] == ["opened", "prioritised"]
    page = browser(bob).get("/inbox")
    assert page.h1 == "Inbox"
    assert "You are assigned" in page.text
    assert f"/projects/WALL/issues/1?since={row['first_unread']}#new" in page.links
