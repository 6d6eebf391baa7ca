"""What holds for every change that is heard: once, by rights of now, and in few statements."""

import pytest

from tests.hearing.conftest import URL
from webapp.hearing import jobs, listening, service
from webapp.jobs import worker

ONE = f"{URL}/1"


def test_what_is_heard_twice_is_told_once(wall, app):
    wall.api.post(f"{ONE}/comments", {"body": "Seen."})
    (change,) = wall.run("SELECT change_id FROM events ORDER BY id DESC LIMIT 1")[0]
    assert wall.told()
    wall.run("UPDATE inbox_items SET first_unread_id = NULL, done_at = now()")
    before = [wall.run(f"SELECT * FROM {table} ORDER BY id") for table in ("inbox_items", "deliveries")]
    with app.app_context():
        service.hear(change)
    assert [wall.run(f"SELECT * FROM {table} ORDER BY id") for table in ("inbox_items", "deliveries")] == before


def test_a_change_that_is_heard_again_lets_nothing_be_unread_again(wall, app):
    wall.api.post(f"{ONE}/comments", {"body": "Seen."})
    (change,) = wall.run("SELECT change_id FROM events ORDER BY id DESC LIMIT 1")[0]
    wall.told()
    wall.run("UPDATE inbox_items SET first_unread_id = NULL")
    wall.api.post(f"{ONE}/comments", {"body": "Seen again."})
    worker.drain(app)
    before = wall.run("SELECT * FROM inbox_items ORDER BY id")
    with app.app_context():
        service.hear(change)
    assert wall.run("SELECT * FROM inbox_items ORDER BY id") == before


def test_several_events_of_one_save_are_told_as_one(wall):
    wall.api.patch(ONE, {"title": "Other", "priority": "high", "assignees": [wall.who["all"].id]})
    assert wall.told()["all"] == "assigned"
    first, last = wall.run(
        "SELECT min(id), max(id) FROM events WHERE change_id = (SELECT change_id FROM deliveries LIMIT 1)"
    )[0]
    spans = wall.run("SELECT event_id, last_event_id FROM deliveries WHERE reason = 'watching' AND way = 'inbox'")
    assert spans == [(first, last)]


@pytest.mark.parametrize(
    "end",
    [
        "DELETE FROM memberships WHERE user_id = :commenter",
        "UPDATE users SET is_active = false WHERE id = :commenter",
        "UPDATE users SET password_hash = NULL WHERE id = :commenter",
    ],
)
def test_whoever_may_not_know_of_it_any_more_hears_nothing(wall, end):
    wall.api.post(f"{ONE}/comments", {"body": "Seen."})
    wall.run(end, commenter=wall.who["commenter"].id)
    assert "commenter" not in wall.told()
    assert wall.run("SELECT count(*) FROM inbox_items WHERE user_id = :id", id=wall.who["commenter"].id) == [(0,)]


@pytest.mark.parametrize(
    "end",
    ["UPDATE issues SET deleted_at = now()", "UPDATE projects SET archived_at = now()", "DELETE FROM projects"],
)
def test_of_what_is_gone_nobody_hears(wall, end):
    wall.api.post(f"{ONE}/comments", {"body": "Seen."})
    wall.run(end)
    assert wall.told() == {}


def test_a_stranger_takes_part_in_a_public_project(wall, api, make):
    eve = make.person("Eve")
    wall.names[eve.id] = "eve"
    wall.run("UPDATE projects SET visibility = 'public'")
    api(eve).post(f"{ONE}/comments", {"body": "I too."})
    assert "eve" not in wall.told()  # it was she who said it
    wall.forget()
    wall.api.post(f"{ONE}/comments", {"body": "Thank you."})
    assert wall.told()["eve"] == "commented"


def test_what_is_undone_is_heard_as_what_it_is(wall):
    wall.api.patch(ONE, {"state": "closed"})
    (change,) = wall.run("SELECT change_id FROM events ORDER BY id DESC LIMIT 1")[0]
    wall.told()
    wall.forget()
    wall.api.post(f"{ONE}/undo", {"change": str(change)}, status=200)
    assert wall.told()["author"] == "author"


def test_whoever_is_away_hears_of_all_that_is_done_to_many(wall, statements, monkeypatch):
    """A thousand issues take a few statements, whoever watches."""
    monkeypatch.setattr(service, "MOMENT", 1000)  # however slow the machine is
    wall.run(
        "INSERT INTO issues (project_id, number, title, status_id, author_id) SELECT :project, n, 'Stone ' || n,"
        " (SELECT min(id) FROM statuses WHERE project_id = :project), :author FROM generate_series(2, 1001) n",
        project=wall.project.id, author=wall.who["author"].id,
    )  # fmt: skip
    wall.run("UPDATE projects SET next_number = 1002, open_issues = 1001 WHERE id = :id", id=wall.project.id)
    wall.api.patch(f"{URL}?q=is:open", {"state": "closed"})
    statements.clear()
    worker.drain(wall.app)
    asked = [one for one in statements if "SAVEPOINT" not in one and " jobs" not in one]
    assert len(asked) <= 28, "\n\n".join(asked)
    told = wall.run("SELECT user_id, count(*) FROM deliveries WHERE way = 'inbox' GROUP BY user_id")
    assert {wall.names[id]: number for id, number in told} == {
        "author": 1001, "all": 1001, "all_here": 1, "assignee": 1, "commenter": 1, "named": 1,
    }  # fmt: skip


def test_others_hear_of_each_change_too_though_one_of_them_fails(wall, monkeypatch):
    heard = []

    def fails(change):
        raise ValueError("It does not work.")

    monkeypatch.setattr(listening, "listeners", [fails, heard.append])
    wall.api.post(f"{ONE}/comments", {"body": "Seen."})
    with pytest.raises(ValueError, match="does not work"):
        wall.told()
    assert len(heard) == 1
    assert wall.run("SELECT count(*) FROM inbox_items")[0][0] > 0


def test_what_was_told_long_ago_is_forgotten(wall):
    wall.api.post(f"{ONE}/comments", {"body": "Seen."})
    told = wall.told()
    wall.run("UPDATE deliveries SET created_at = now() - interval '91 days' WHERE reason = 'author'")
    with wall.app.app_context():
        jobs.clear_deliveries()
    assert wall.told() == {name: reason for name, reason in told.items() if reason != "author"}
