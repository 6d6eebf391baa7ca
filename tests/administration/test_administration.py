"""Administrators have one page that leads to all that they look after, and says how much of it needs them."""

import pytest
from sqlalchemy import text

from webapp.db import transacting


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.fixture
def needy(app, ada, make):
    """Two jobs that were given up, a webhook of three that failed, and mails that wait in one project of three."""
    projects = [make.project(ada, key=key, name=key.title()).id for key in ("WALL", "ROOF", "GONE")]
    with app.app_context(), transacting() as session:
        for statement in (
            "INSERT INTO jobs (task, args, state, tries, tried_at, key) SELECT 'note', '{}', 'dead', 8, now(), n"
            " FROM unnest(ARRAY['a', 'b']) n",
            "INSERT INTO jobs (task, args) VALUES ('note', '{}')",
            "INSERT INTO webhooks (project_id, created_by, url, form, events, salt, is_on, ended_by) VALUES"
            " (NULL, :ada, 'https://a.test/', 'standard', '{everything}', '1', false, 'It failed.'),"
            " (NULL, :ada, 'https://b.test/', 'standard', '{everything}', '2', false, NULL),"
            " (:wall, :ada, 'https://c.test/', 'standard', '{everything}', '3', false, 'It failed.')",
            "INSERT INTO incoming_mails (digest, recipient, source, state, project_id) VALUES"
            " ('1', 'w@cairn.test', 'x', 'held', :wall), ('2', 'w@cairn.test', 'x', 'held', :wall),"
            " ('3', 'w@cairn.test', 'x', 'waiting', :wall), ('4', 'r@cairn.test', NULL, 'taken', :roof),"
            " ('5', 'g@cairn.test', 'x', 'held', :gone)",
            "UPDATE projects SET archived_at = now() WHERE id = :gone",
        ):
            known = {"ada": ada.id, **dict(zip(("wall", "roof", "gone"), projects, strict=True))}
            session.execute(text(statement), {key: value for key, value in known.items() if f":{key}" in statement})


def test_it_says_how_much_needs_somebody(api, root, needy):
    assert api(root).get("/admin") == {
        "dead_jobs": 2,
        "ended_webhooks": 1,
        "held_mails": 2,
        "held_in": [{"project": "WALL", "name": "Wall", "number": 2}],
    }


def test_the_page_leads_to_all_of_it(browser, root, needy):
    page = browser(root).get("/admin")
    assert page.says("2 given up")
    for path in ("/admin/jobs?state=dead", "/admin/webhooks", "/projects/WALL/mail"):
        assert f'href="{path}"' in page.text
        browser(root).get(path)


def test_the_menu_leads_to_it_for_administrators_alone(browser, root, ada):
    assert 'href="/admin"' in browser(root).get("/projects").text
    assert 'href="/admin"' not in browser(ada).get("/projects").text
    assert 'href="/admin"' not in browser().get("/projects").text


def test_whoever_is_made_an_administrator_finds_it_at_once(app, browser, ada):
    page = browser(ada)
    page.get("/projects")
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE users SET is_admin = true WHERE id = :id"), {"id": ada.id})
    assert 'href="/admin"' in page.get("/projects").text


def test_others_are_refused(api, ada):
    assert "administrators" in api(ada).get("/admin", status=403)["detail"]


def test_it_takes_one_statement_for_each_number(browser, api, root, needy, statements):
    for asked, budget in ((browser(root), 4), (api(root), 4)):
        asked.get("/admin")
        statements.clear()
        asked.get("/admin")
        sent = [one for one in statements if "SAVEPOINT" not in one]
        assert len(sent) <= budget, "\n\n".join(sent)
