"""Administrators see what waits and what was given up, and try it again; nobody else does."""

import pytest
from sqlalchemy import text

from webapp.db import transacting


@pytest.fixture
def root(make):
    return make.person("Root", is_admin=True)


@pytest.fixture
def dead(app, rows):
    """Two jobs that were given up, and one that waits."""
    with app.app_context(), transacting() as session:
        session.execute(
            text(
                "INSERT INTO jobs (task, args, state, tries, tried_at, error, key) VALUES"
                """ ('note', '{"word": "<b>one</b>"}', 'dead', 8, now(), 'LookupError: bread', 'k'),"""
                """ ('note', '{"word": "two"}', 'dead', 8, now(), 'LookupError: salt', 'l'),"""
                """ ('note', '{"word": "three"}', 'ready', 0, NULL, NULL, 'm')"""
            )
        )
    return rows("id", "state = 'dead'")


def test_they_are_listed_with_why(api, root, dead):
    found = api(root).get("/admin/jobs?state=dead")
    assert (found["total"], [one["id"] for one in found["items"]]) == (2, dead[::-1])
    assert found["items"][0]["error"] == "LookupError: salt"
    assert [one["state"] for one in api(root).get("/admin/jobs")["items"]] == ["ready", "dead", "dead"]


def test_the_page_shows_them_as_text(browser, root, dead):
    page = browser(root).get("/admin/jobs")
    assert "LookupError: bread" in page.text
    assert "<b>one</b>" not in page.text


def test_the_pages_follow_one_another(api, root, dead):
    first = api(root).get("/admin/jobs?limit=2")
    assert [one["state"] for one in api(root).get(first["next"])["items"]] == ["dead"]


def test_one_is_tried_again(api, root, dead, done, rows):
    api(root).post(f"/admin/jobs/{dead[0]}/retry", status=204)
    assert rows("id, state, tries", "key = 'k'") == [(dead[0], "ready", 0)]
    api(root).post(f"/admin/jobs/{dead[0]}/retry", status=404)


def test_all_are_tried_again_once_by_their_keys(api, root, dead, rows):
    api(root).post("/admin/jobs/retry", status=204)
    assert rows("state") == ["ready"] * 3


def test_what_waits_under_the_same_key_does_its_work(api, app, root, dead, rows):
    with app.app_context(), transacting() as session:
        session.execute(text("INSERT INTO jobs (task, key) VALUES ('note', 'k')"))
    api(root).post(f"/admin/jobs/{dead[0]}/retry", status=204)
    assert rows("state, tries", "key = 'k'") == [("ready", 0)]


def test_one_is_deleted_if_it_is_dead(api, root, dead, rows):
    api(root).delete(f"/admin/jobs/{dead[0]}", status=204)
    [waits] = rows("id", "state = 'ready'")
    api(root).delete(f"/admin/jobs/{waits}", status=404)
    assert len(rows()) == 2


def test_nobody_else_sees_or_does_anything(api, ada, dead, rows):
    before = rows()
    for method, path in (
        ("GET", "/admin/jobs"),
        ("POST", "/admin/jobs/retry"),
        ("POST", f"/admin/jobs/{dead[0]}/retry"),
        ("DELETE", f"/admin/jobs/{dead[0]}"),
    ):
        assert api(ada).send(method, path).status_code == 403
    assert rows() == before


def test_the_command_lists_and_tries_again(app, dead, rows):
    run = app.test_cli_runner().invoke
    assert run(args=["jobs", "--dead"]).output.count("dead") == 2
    assert len(run(args=["jobs"]).output.splitlines()) == 3
    assert run(args=["jobs", "retry", "1"]).exit_code == 1
    assert run(args=["jobs", "retry", "all"]).output == "2 jobs are tried again.\n"
    assert rows("state") == ["ready"] * 3


def test_whoever_watches_is_told_of_what_waits_and_of_the_dead(api, app, dead, done):
    assert [note for note in api().get("/readyz")["notes"] if "2 jobs were given up" in note]
    with app.app_context(), transacting() as session:
        session.execute(text("UPDATE jobs SET run_at = now() - interval '10 minutes'"))
    assert [note for note in api().get("/readyz")["notes"] if "1 jobs are due, the first since 10 minutes" in note]


def test_the_dead_of_long_ago_are_forgotten(app, dead, rows):
    from webapp.jobs import service

    with app.app_context():
        with transacting() as session:
            session.execute(text("UPDATE jobs SET tried_at = now() - interval '91 days' WHERE key = 'k'"))
        service.clear()
    assert rows("key") == ["l", "m"]


def test_the_page_asks_little(browser, root, dead, statements):
    roots = browser(root)
    roots.get("/admin/jobs")
    statements.clear()
    roots.get("/admin/jobs")
    assert len(statements) <= 4
