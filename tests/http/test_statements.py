"""What a page costs: a fixed, small number of statements, whatever the amount of data."""

import pytest

from webapp import keeping

BUDGETS = [
    ("/projects/WALL/issues/1", "json", 2),
    ("/projects/WALL", "json", 1),
    ("/projects/WALL/issues", "json", 2),
    ("/projects", "json", 3),
    ("/", "page", 2),
    ("/", "json", 3),
    ("/projects", "page", 4),
    ("/projects/WALL", "page", 6),  # one counts what waits for who may decide on it
    ("/projects/WALL/issues", "page", 4),
    ("/projects/WALL/issues?label=bug&priority=none&sort=updated-asc", "page", 5),
    # One asks whether there is such a milestone, as for a label above: what is gone is said.
    ("/projects/WALL/issues?author=1&assignee=1&milestone=1", "page", 6),
    ("/projects/WALL/issues?q=is:open+group:assignee", "page", 4),
    ("/projects/WALL/issues/bulk?numbers=1&numbers=2", "page", 8),
    ("/projects/WALL/issues/1", "page", 5),
    ("/projects/WALL/issues/1?q=is:open", "page", 6),
    ("/projects/WALL/issues/1?q=label:bug", "page", 8),
    ("/projects/WALL/issues/1/tasks", "json", 2),
    ("/projects/WALL/issues/1/edit", "page", 6),
    ("/projects/WALL/issues/1/labels", "page", 3),
    ("/projects/WALL/issues/1/relations", "page", 3),
    ("/projects/WALL/issues/1/relations", "json", 3),
    ("/projects/WALL/board", "page", 6),
    ("/projects/WALL/board?by=assignee&q=label:bug", "page", 7),
    ("/projects/WALL/board", "json", 4),
    ("/projects/WALL/charts", "page", 4),
    ("/projects/WALL/charts?days=364", "json", 4),
    ("/projects/WALL/views", "page", 2),
    ("/projects/WALL/views", "json", 2),
    ("/issues?q=label:bug", "page", 5),
    ("/views", "page", 2),
    ("/projects/WALL/views/new", "page", 2),
    ("/projects/WALL/milestones", "page", 2),
    ("/projects/WALL/statuses", "page", 2),
    ("/projects/WALL/labels", "page", 2),
    ("/projects/WALL/members", "page", 3),
    ("/projects/WALL/members", "json", 2),
    ("/projects/WALL/visibility", "page", 4),
    ("/projects/WALL/visibility", "json", 3),
    ("/projects/WALL/visibility?to=public", "json", 4),
    ("/projects/WALL/issues/1/visibility", "page", 5),
    ("/projects/WALL/issues/1/visibility?to=public", "json", 4),
    ("/projects/WALL/templates", "page", 2),
    ("/projects/WALL/mail", "page", 3),
    ("/auth/activity", "json", 3),
    ("/projects/WALL/issues/1/code", "page", 4),
    ("/projects/WALL/issues/new", "page", 6),
    ("/inbox", "page", 4),
    ("/inbox?q=reason:mentioned+project:WALL", "json", 4),
    ("/account/notifications", "page", 4),
    ("/account/notifications", "json", 3),
    ("/projects/WALL/notifications", "page", 4),
    ("/projects/WALL/issues/1/deliveries", "page", 7),
    ("/keys", "page", 1),
    ("/palette?q=", "json", 2),
    # Searches: one of them is taken from the allowance.
    ("/palette?q=loose", "json", 7),
    ("/search?q=loose", "page", 6),
    ("/search?q=lose", "page", 8),
    ("/search?q=is:open+loose&project=WALL", "json", 7),
    ("/projects/WALL/issues/similar?title=A+loose+stone+here", "json", 4),
    ("/projects/WALL/trash", "page", 5),
    ("/users/{ada}", "page", 5),
    ("/users/{ada}", "json", 2),
    ("/projects/WALL/issues/1/history", "page", 4),
    ("/auth/me", "page", 1),
    ("/styleguide", "page", 1),
    ("/auth/login", "page", 1),
    ("/auth/password", "page", 2),
    ("/auth/sign-ins", "page", 2),
    ("/auth/identities", "page", 2),
    ("/auth/feeds", "page", 3),  # one asks for the projects that a token may be limited to
    ("/auth/tokens", "page", 4),  # one names the projects that a token may be limited to
    ("/auth/tokens", "json", 2),
    # Two note what is taken along, and how much, in the audit log; two take it from what a person and their network have.
    ("/projects/WALL/issues.csv", "json", 6),
    ("/projects/WALL/issues.jsonl?q=label:bug", "json", 7),
    ("/projects/WALL/issues.atom", "json", 3),
    ("/projects/WALL/issues.ics", "json", 4),
    ("/projects/WALL/issues/1.atom", "json", 4),
    ("/issues.csv", "json", 6),
]


@pytest.mark.parametrize("issues", [1, 30])
@pytest.mark.parametrize(("url", "tongue", "budget"), BUDGETS)
def test_an_answer_stays_within_its_budget(
    api, browser, ada, make, statements, monkeypatch, url, tongue, budget, issues
):
    monkeypatch.setattr(keeping, "PARANOID", False)  # it reads once more what is kept
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    for number in range(issues):
        issue = make.issue(project, ada, title=f"Issue {number}", labels=["bug"])
        make.comment(project, issue, ada)
    first = make.issue(project, ada)
    for _ in range(issues):
        make.comment(project, first, ada)
    asked = browser(ada) if tongue == "page" else api(ada)
    url = url.format(ada=ada.id)
    asked.get(url)  # the first look renders what was never rendered
    statements.clear()
    asked.get(url)
    sent = [one for one in statements if "SAVEPOINT" not in one]
    assert len(sent) <= budget, "\n\n".join(sent)


@pytest.mark.parametrize(("url", "tongue"), [(url, tongue) for url, tongue, _ in BUDGETS])
def test_another_person_asks_by_the_same_statements(api, browser, ada, make, statements, url, tongue):
    """A statement is made, and prepared on a connection, once for all: never once for each person who looks."""
    project = make.project(ada, key="WALL")
    make.label(project, ada, "bug")
    make.issue(project, ada, labels=["bug"])
    people = make.member(project, "maintainer"), make.member(project, "maintainer")
    asked = []
    for person in people:
        client = browser(person) if tongue == "page" else api(person)
        client.get(url.format(ada=ada.id))
        statements.clear()
        client.get(url.format(ada=ada.id))
        asked.append({one for one in statements if "SAVEPOINT" not in one})
    assert asked[1] == asked[0]


# What creates takes that from an allowance, by one.
WRITES = [
    ("POST", "/projects/WALL/issues", {"title": "New"}, 3),
    ("POST", "/projects/WALL/issues", {"title": "New", "body": "See #1", "labels": ["bug"]}, 10),
    ("PATCH", "/projects/WALL/issues/1", {"title": "New"}, 3),
    ("PATCH", "/projects/WALL/issues/1", {"body": "New"}, 5),
    ("PATCH", "/projects/WALL/issues/1", {"labels": []}, 6),
    ("PATCH", "/projects/WALL/issues?q=is:open", {"priority": "high"}, 3),
    ("PATCH", "/projects/WALL/issues?q=is:open", {"state": "closed", "remove_labels": ["bug"]}, 10),
    ("POST", "/projects/WALL/issues/1/closure", {}, 6),
    ("DELETE", "/projects/WALL/issues/1", None, 8),
    ("POST", "/projects/WALL/issues/1/comments", {"body": "New"}, 3),
    ("POST", "/projects/WALL/issues/1/relations", {"kind": "relates", "issue": "2"}, 12),
    ("POST", "/projects/WALL/issues/1/move", {"project": "SCREE"}, 25),
    ("POST", "/projects/WALL/board/moves", {"number": 1, "column": "Done"}, 12),
    # One notes it in the audit log.
    ("PATCH", "/projects/WALL", {"name": "New"}, 6),
    ("POST", "/projects/WALL/archive", None, 6),
    ("POST", "/projects/WALL/labels", {"name": "new", "color": "#d34467"}, 5),
    # One notes in the audit log what they were called.
    ("PATCH", "/auth/me", {"name": "New"}, 5),
]


@pytest.mark.parametrize(("method", "url", "body", "budget"), WRITES)
def test_a_change_stays_within_its_budget(api, ada, make, statements, monkeypatch, method, url, body, budget):
    monkeypatch.setattr(keeping, "PARANOID", False)  # it reads once more what is kept
    for key in ("WALL", "SCREE"):
        project = make.project(ada, key=key)
        make.label(project, ada, "bug")
        for _ in range(2):
            make.issue(project, ada, labels=["bug"])
    client = api(ada)
    client.send("GET", "/projects/WALL/issues/1")
    client.send("GET", "/projects/WALL/issues")  # a process keeps the names of what an issue has
    statements.clear()
    assert client.send(method, url, json=body).status_code < 300
    sent = [one for one in statements if "SAVEPOINT" not in one]
    assert len(sent) <= budget, "\n\n".join(sent)


def test_a_read_asks_for_no_transaction(app, settings):
    """In life, where a connection rests in autocommit, a read is its statements and nothing else."""
    from webapp import create_app
    from webapp.db import db

    with create_app(settings).app_context():
        connection = db.session.connection().connection.dbapi_connection
        assert connection.autocommit
        db.session.execute(db.text("SELECT 1"))
        assert connection.info.transaction_status == 0
        db.engine.dispose()


def test_a_change_outside_a_transaction_is_a_mistake(app):
    from webapp.db import db
    from webapp.models.accounts import User

    with app.app_context():
        db.session.add(User(name="Nobody"))
        with pytest.raises(RuntimeError):
            db.session.flush()
