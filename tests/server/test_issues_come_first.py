"""What issues hang on goes, while somebody saves one of them: the issues are taken first, so nobody waits in a circle."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

from tests.databases import connected

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
SAVING = "SELECT FROM issues JOIN projects ON projects.id = project_id WHERE key = %s FOR UPDATE OF issues"


def while_an_issue_is_saved(server, key, ask, wants):
    """The answer to a request that waits for whoever saves an issue; who wants this next, and must get it at once."""
    with closing(connected(server.database)) as saving, saving.cursor() as cursor, ThreadPoolExecutor() as threads:
        cursor.execute("BEGIN")
        cursor.execute(SAVING, [key])
        going = threads.submit(ask)
        while not server.rows(WAITING)[0]:
            assert not going.done(), going.result()
            time.sleep(0.01)
        cursor.execute(f"{wants} FOR KEY SHARE NOWAIT", [key])
        cursor.execute("COMMIT")
        return going.result()


def test_a_status_that_goes(server, ada):
    project = server.project(ada)
    server.ask("POST", f"{project}/issues", {"title": "Loose stone"}, by=ada)
    first, other, *_ = server.ask("GET", f"{project}/statuses", by=ada).json["items"]
    remove = lambda: server.ask("DELETE", f"{project}/statuses/{first['id']}", {"to": other["id"]}, by=ada)  # noqa: E731
    key = project.rpartition("/")[2]
    assert while_an_issue_is_saved(server, key, remove, "SELECT FROM projects WHERE key = %s").status == 204


def test_a_milestone_that_is_closed(server, ada):
    project = server.project(ada)
    first, other = (
        server.ask("POST", f"{project}/milestones", {"title": title}, by=ada).json["id"] for title in ("One", "Two")
    )
    server.ask("POST", f"{project}/issues", {"title": "Loose stone", "milestone": first}, by=ada)
    closing_it = {"state": "closed", "move_to": other}
    close = lambda: server.ask("PATCH", f"{project}/milestones/{first}", closing_it, by=ada)  # noqa: E731
    wants = "SELECT FROM milestones WHERE project_id = (SELECT id FROM projects WHERE key = %s)"
    assert while_an_issue_is_saved(server, project.rpartition("/")[2], close, wants).status == 200


def test_what_is_deleted(server, ada):
    project = server.project(ada)
    key, of_project = project.rpartition("/")[2], "project_id = (SELECT id FROM projects WHERE key = %s)"
    label = server.ask("POST", f"{project}/labels", {"name": "bug"}, by=ada).json["id"]
    milestone = server.ask("POST", f"{project}/milestones", {"title": "One"}, by=ada).json["id"]
    server.ask("POST", f"{project}/issues", {"title": "Stone", "labels": ["bug"], "milestone": milestone}, by=ada)
    for place in (f"labels/{label}", f"milestones/{milestone}"):
        wants = f"SELECT FROM {place.partition('/')[0]} WHERE {of_project}"
        remove = partial(server.ask, "DELETE", f"{project}/{place}", by=ada)
        assert while_an_issue_is_saved(server, key, remove, wants).status == 204


def test_a_member_who_goes(server, ada):
    project, bob = server.project(ada), server.person("Bob")
    member = server.ask("POST", f"{project}/members", {"email": bob.email, "role": "member"}, by=ada).json["id"]
    server.ask("POST", f"{project}/issues", {"title": "Loose stone", "assignees": [member]}, by=ada)
    remove = partial(server.ask, "DELETE", f"{project}/members/{member}", by=ada)
    wants = "SELECT FROM memberships WHERE project_id = (SELECT id FROM projects WHERE key = %s)"
    assert while_an_issue_is_saved(server, project.rpartition("/")[2], remove, wants).status == 204


def test_a_comment_that_closes_an_issue_of_a_lower_number(server, ada):
    project = server.project(ada)
    for title in ("Loose stone", "Mortar"):
        server.ask("POST", f"{project}/issues", {"title": title}, by=ada)
    fixing = partial(server.ask, "POST", f"{project}/issues/2/comments", {"body": "Fixes #1"}, by=ada)
    assert while_the_first_is_saved(server, project, fixing) == 201
    assert server.ask("GET", f"{project}/issues/1", by=ada).json["state"] == "closed"


def test_a_whole_that_goes_away_from_its_part(server, ada):
    project, other = server.project(ada), server.project(ada)
    for title in ("Loose stone", "Mortar"):
        server.ask("POST", f"{project}/issues", {"title": title}, by=ada)
    server.ask("PATCH", f"{project}/issues/1", {"parent": 2}, by=ada)
    key = other.rpartition("/")[2]
    moving = partial(server.ask, "POST", f"{project}/issues/2/move", {"project": key}, by=ada)
    assert while_the_first_is_saved(server, project, moving) == 200


def test_milestones_that_are_closed_into_each_other(server, ada):
    """They are taken by id, whichever goes on to which."""
    project = server.project(ada)
    low, high = (
        server.ask("POST", f"{project}/milestones", {"title": title}, by=ada).json["id"] for title in ("One", "Two")
    )
    closing_it = {"state": "closed", "move_to": low}
    milestone = "SELECT FROM milestones WHERE id = %s FOR NO KEY UPDATE"
    with closing(connected(server.database)) as other, other.cursor() as cursor, ThreadPoolExecutor() as threads:
        cursor.execute("BEGIN")
        cursor.execute(milestone, [low])
        going = threads.submit(server.ask, "PATCH", f"{project}/milestones/{high}", closing_it, by=ada)
        while not server.rows(WAITING)[0]:
            assert not going.done(), going.result()
            time.sleep(0.01)
        cursor.execute(f"{milestone} NOWAIT", [high])
        cursor.execute("COMMIT")
        assert going.result().status == 200


def while_the_first_is_saved(server, project, ask):
    """The status of a request that waits for whoever saves the first issue, who can have the second one at once."""
    of_project = "number = %s AND project_id = (SELECT id FROM projects WHERE key = %s) FOR NO KEY UPDATE"
    with closing(connected(server.database)) as saving, saving.cursor() as cursor, ThreadPoolExecutor() as threads:
        cursor.execute("BEGIN")
        cursor.execute(f"SELECT FROM issues WHERE {of_project}", [1, project.rpartition("/")[2]])
        going = threads.submit(ask)
        while not server.rows(WAITING)[0]:
            assert not going.done(), going.result()
            time.sleep(0.01)
        cursor.execute(f"SELECT FROM issues WHERE {of_project} NOWAIT", [2, project.rpartition("/")[2]])
        cursor.execute("COMMIT")
        return going.result().status
