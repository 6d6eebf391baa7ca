"""The inbox is asked for news again and again: it is made only when it would say something else."""

import pytest
from sqlalchemy import text

from tests.clients import HTML
from tests.inbox.telling import tell
from webapp import keeping
from webapp.db import db, transacting

ISSUE = "(SELECT id FROM issues WHERE title = 'Stone')"
CHANGES = {
    "a title": "UPDATE issues SET title = 'Another stone' WHERE title = 'Stone'",
    "a comment": f"UPDATE comments SET body = 'Another word', body_html = NULL WHERE issue_id = {ISSUE}",
    "a name": "UPDATE users SET name = 'Ada Lovelace' WHERE id = :ada",
    "the project's name": "UPDATE projects SET name = 'Fence' WHERE key = 'WALL'",
    "the project's key": "UPDATE projects SET key = 'FENCE' WHERE key = 'WALL'",
    "read": "UPDATE inbox_items SET first_unread_id = NULL",
    "done": "UPDATE inbox_items SET done_at = now()",
    "asleep": "UPDATE inbox_items SET snoozed_until = now() + interval '1 day'",
    "woken": "UPDATE inbox_items SET snoozed_until = now() - interval '1 minute'",
    "another reason": "UPDATE inbox_items SET reason = 'mentioned'",
    "told later": "UPDATE inbox_items SET updated_at = now() - interval '3 days'",
    "muted": f"INSERT INTO issue_watches (issue_id, user_id, level) VALUES ({ISSUE}, :bob, 'nothing')",
    "in the trash": "UPDATE issues SET deleted_at = now(), deleted_by = :ada WHERE title = 'Stone'",
    "hidden": "DELETE FROM memberships WHERE user_id = :bob",
}


@pytest.fixture(autouse=True)
def plainly(monkeypatch):
    """What is kept is used, and not compared by whoever uses it."""
    monkeypatch.setattr(keeping, "PARANOID", False)


@pytest.fixture
def bob(app, make, ada):
    project = make.project(ada, key="WALL")
    bob = make.member(project, "member")
    issue = make.issue(project, ada, title="Stone")
    make.comment(project, issue, ada)
    tell(app, bob, issue)
    beside = make.project(ada, key="SCREE", visibility="internal")  # projects are named only where there are several
    make.issue(beside, ada)
    tell(app, bob, make.issue(beside, ada, title="Pebble"))
    return bob


@pytest.fixture
def look(browser, bob):
    someone = browser(bob)

    def look(tag="", url="/inbox"):
        answer = someone.client.get(url, headers={**HTML, **({"If-None-Match": tag} if tag else {})})
        return answer.status_code, answer.headers.get("ETag", "")

    return look


def test_who_has_it_hears_so_by_two_statements(look, statements):
    status, tag = look()
    statements.clear()
    assert (status, look(tag)) == (200, (304, tag))
    assert len(statements) == 2


@pytest.mark.parametrize("url", ["/inbox", "/inbox?q=is:unread", "/inbox?q=reason:watching+stone"])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_makes_it_another_page(app, look, ada, bob, change, url):
    tag = look(url=url)[1]
    with app.app_context(), transacting():
        db.session.execute(text(change), {"ada": ada.id, "bob": bob.id})
    status, other = look(tag, url)
    app.extensions["keeping"].clear()
    assert look(url=url)[1] == other
    assert (status == 304) == (tag == other)
    assert tag != other or url != "/inbox"


@pytest.mark.parametrize("q", ["is:done", "is:all", "is:snoozed", "project:WALL", "-project:WALL"])
def test_more_than_what_waits_is_made_anew(look, q):
    assert look(url=f"/inbox?q={q}") == (200, "")


def test_of_very_many_it_is_made_anew(look, monkeypatch):
    monkeypatch.setattr("webapp.inbox.service.COUNTED", 0)
    assert look() == (200, "")
