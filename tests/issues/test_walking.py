"""A long list of a label that few issues have is read along the label's ties, which have the order of making."""

import pytest

from tests.issues.test_gathered import walked
from webapp.db import db
from webapp.issues import catching_up
from webapp.lists import service as lists
from webapp.lists import walking

URL = "/projects/WALL/issues"
ALONG = "issue_labels AS whole"
QUERIES = [
    "label:moss", "label:moss is:open", "label:moss is:closed", "label:moss label:bug", "label:moss -label:bug",
    "label:moss assignee:@me", "label:moss stone", "label:moss priority:high",
]  # fmt: skip


@pytest.fixture
def wall(make, ada, api):
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    make.label(project, ada, "moss")
    for number in range(12):
        labels = ["moss", "bug"] if number % 4 == 0 else ["moss"] if number % 2 else ["bug"]
        people = [ada.id] if number % 3 else []
        issue = make.issue(project, ada, title=f"Stone {number}", labels=labels, assignees=people)
        if number % 5 == 0:
            api(ada).send("PATCH", f"{URL}/{issue.number}", json={"state": "closed"})
    make.issue(project, ada, title="Sand", priority="high", labels=["moss"])
    return project


@pytest.fixture
def longer(monkeypatch):
    """Lists that nobody counts, with labels that are rare."""
    monkeypatch.setattr(lists, "COUNTED", 0)
    monkeypatch.setattr(walking, "DEARER", 0)


@pytest.fixture
def run(app):
    def run(statement):
        with app.app_context():
            db.session.execute(db.text(statement))
            db.session.commit()

    return run


def along(statements):
    """Those that read a list by the ties of a label."""
    return [one for one in statements if ALONG in one and "labels.name" not in one]


@pytest.mark.parametrize("way", ["desc", "asc"])
@pytest.mark.parametrize("query", QUERIES)
def test_it_has_the_same_issues_in_the_same_order(api, ada, wall, request, statements, query, way):
    client, address = api(ada), f"{URL}?q={query} sort:created-{way}&limit=2"
    gathered, _ = walked(client, address)
    request.getfixturevalue("longer")
    client.send("PATCH", f"{URL}/13", json={"due_on": "2030-01-01"})  # what is kept says the number
    statements.clear()
    assert walked(client, address)[0] == gathered
    assert along(statements)


def test_it_leads_from_issue_to_issue(api, browser, ada, wall, longer):
    items = api(ada).get(f"{URL}?q=label:moss&limit=50")["items"]
    before, here, after = (item["number"] for item in items[2:5])
    page = browser(ada).get(f"{URL}/{here}?q=label:moss").text
    assert f"{URL}/{before}?q=label:moss" in page.replace("%3A", ":")
    assert f"{URL}/{after}?q=label:moss" in page.replace("%3A", ":")


@pytest.mark.parametrize("query", ["label:moss,bug", "label:none", "-label:moss", "label:moss sort:updated-desc"])
def test_what_one_label_does_not_lead_to_is_read_along_the_project(api, ada, wall, longer, statements, query):
    client = api(ada)
    client.get(f"{URL}?q={query}&limit=2")
    assert not along(statements)


def test_a_label_that_many_have_does_not_lead(api, ada, wall, longer, monkeypatch, statements):
    monkeypatch.setattr(walking, "DEARER", 4)
    api(ada).get(f"{URL}?q=label:moss&limit=2")
    assert not along(statements)


def test_it_follows_when_an_issue_was_made(api, ada, wall, run, longer):
    run("UPDATE issues SET created_at = now() + interval '1 day' WHERE number = 2")
    assert api(ada).get(f"{URL}?q=label:moss&limit=2")["items"][0]["number"] == 2


def test_until_an_upgrade_has_come_to_all_ties_of_a_label_it_does_not_lead(
    app, api, ada, wall, run, longer, statements, monkeypatch
):
    client, address = api(ada), f"{URL}?q=label:moss&limit=2"
    expected = walked(client, address)[0]
    run("UPDATE issue_labels SET issue_created_at = NULL")
    client.send("PATCH", f"{URL}/13", json={"due_on": "2030-01-01"})
    statements.clear()
    assert walked(client, address)[0] == expected
    assert not along(statements)
    monkeypatch.setattr(catching_up, "AT_ONCE", 3)
    with app.app_context():
        assert catching_up.catch_up() == db.session.scalar(db.text("SELECT count(*) FROM issue_labels"))
        assert catching_up.catch_up() == 0
    client.send("PATCH", f"{URL}/13", json={"due_on": "2030-01-02"})
    assert walked(client, address)[0] == expected
    assert along(statements)


def test_a_private_issue_stays_hidden_on_that_way(api, eve, wall, run, longer, statements):
    run("UPDATE projects SET visibility = 'public'; UPDATE issues SET private = true WHERE number = 13")
    titles = [title for page in walked(api(eve), f"{URL}?q=label:moss&limit=2")[0] for title in page]
    assert "Sand" not in titles
    assert "Stone 1" in titles
    assert along(statements)
