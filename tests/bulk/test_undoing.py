"""One Undo takes back all that a change of many issues did."""

import pytest

from tests.bulk.changing import URL, change, issue
from webapp.db import db, transacting

CHANGES = [
    {"priority": "high", "due_on": "2026-03-31", "estimate": 0},
    {"state": "closed", "close_reason": "not_planned", "force": True},
    {"status": "Done"},
    {"add_labels": ["bug"], "remove_labels": ["old"]},
    {"delete": True},
]
APART = {"version": 0, "updated_at": 0}


def undo(client, done, status=200):
    return client.post(f"{URL}/undo", {"change": done["change_id"]}, status=status)


@pytest.mark.parametrize("fields", CHANGES)
def test_all_is_as_it_was(api, ada, project, fields):
    client = api(ada)
    client.patch(f"{URL}/1", {"priority": "low", "due_on": "2026-01-01"})
    client.patch(f"{URL}/2", {"labels": ["bug"]})
    before = [{**issue(client, n), **APART} for n in (1, 2)]
    done = change(client, **fields)
    assert undo(client, done)["changed"] == done["changed"] >= 1
    assert [{**issue(client, n), **APART} for n in (1, 2)] == before
    assert client.get("/projects/WALL")["open_issues"] == 3
    counts = {one["name"]: one["issue_count"] for one in client.get("/projects/WALL/labels")["items"]}
    assert counts == {"bug": 1, "old": 2}


def test_people_and_milestones_come_back(api, ada, make, project):
    client, member = api(ada), make.member(project, "member")
    spring = client.post("/projects/WALL/milestones", {"title": "Spring"})["id"]
    client.patch(f"{URL}/1", {"assignees": [ada.id], "milestone": spring})
    done = change(client, add_assignees=[member.id], remove_assignees=[ada.id], milestone=None)
    undo(client, done)
    one, two = issue(client, 1), issue(client, 2)
    assert ([who["id"] for who in one["assignees"]], one["milestone"]["id"]) == ([ada.id], spring)
    assert (two["assignees"], two["milestone"]) == ([], None)


def test_reopened_ones_are_closed_for_their_own_reasons(api, ada, project):
    client = api(ada)
    client.patch(f"{URL}/1", {"state": "closed", "close_reason": "not_planned"})
    client.patch(f"{URL}/2", {"state": "closed"})
    undo(client, change(client, state="open"))
    assert [issue(client, n)["close_reason"] for n in (1, 2)] == ["not_planned", "completed"]


def test_what_was_changed_again_stays_and_is_named(api, ada, project):
    client = api(ada)
    done = change(client, priority="high")
    client.patch(f"{URL}/1", {"priority": "low"})
    client.patch(f"{URL}/2", {"title": "Another field"})
    back = undo(client, done)
    assert (back["changed"], [one["number"] for one in back["refused"]]) == (1, [1])
    assert [issue(client, n)["priority"] for n in (1, 2)] == ["low", "none"]


def test_a_label_that_is_gone_is_said(api, ada, project):
    client = api(ada)
    done = change(client, remove_labels=["old"])
    gone = next(one["id"] for one in client.get("/projects/WALL/labels")["items"] if one["name"] == "old")
    client.delete(f"/projects/WALL/labels/{gone}")
    assert len(undo(client, done)["refused"]) == 2


def test_an_undo_is_undone(api, ada, project):
    client = api(ada)
    back = undo(client, change(client, priority="high"))
    undo(client, back)
    assert issue(client, 1)["priority"] == "high"


def test_only_one_s_own_change_is_undone(api, ada, make, project):
    done = change(api(ada), priority="high")
    undo(api(make.member(project, "maintainer")), done, status=403)


def test_another_project_s_change_is_not_found(api, ada, make, project):
    make.project(ada, key="SCREE")
    done = change(api(ada), priority="high")
    api(ada).post("/projects/SCREE/issues/undo", {"change": done["change_id"]}, status=409)


def test_after_an_hour_it_is_too_late(app, api, ada, project):
    done = change(api(ada), priority="high")
    with app.app_context(), transacting():
        db.session.execute(db.text("UPDATE events SET created_at = created_at - interval '61 minutes'"))
    undo(api(ada), done, status=409)


def test_who_lost_the_right_takes_nothing_back(app, api, ada, make, project):
    member = make.member(project, "member")
    done = change(api(member), priority="high")
    with app.app_context(), transacting():
        db.session.execute(db.text(f"UPDATE memberships SET role = 'reporter' WHERE user_id = {member.id}"))
    assert undo(api(member), done)["changed"] == 0


def test_many_are_undone_with_as_many_statements_as_few(api, ada, make, project, statements):
    client = api(ada)
    for _ in range(20):
        make.issue(project, ada)
    fields = {"priority": "high", "state": "closed", "add_labels": ["bug"], "add_assignees": [ada.id]}
    few, many = change(client, numbers=[1], **fields), change(client, numbers=range(4, 24), **fields)
    statements.clear()
    undo(client, few)
    sent = len(statements)
    statements.clear()
    assert undo(client, many)["changed"] == 20
    assert len(statements) == sent
