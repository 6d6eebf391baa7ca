"""An issue gets something while that ends: it lets go of it like the others, and tells so."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.databases import connected

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
PROJECT = "(SELECT id FROM projects WHERE key = %(key)s)"
TAKE = f"SELECT FROM issues WHERE project_id = {PROJECT} AND number = 2 FOR UPDATE"
# What somebody who saves the second issue does to it, and what to delete meanwhile.
GETTING = {
    "labelled": (
        "labels",
        "SELECT FROM labels WHERE id = %(id)s FOR NO KEY UPDATE;"
        f" INSERT INTO issue_labels (issue_id, label_id) SELECT id, %(id)s FROM issues"
        f" WHERE project_id = {PROJECT} AND number = 2",
    ),
    "milestoned": (
        "milestones",
        f"UPDATE issues SET milestone_id = %(id)s WHERE project_id = {PROJECT} AND number = 2",
    ),
    "moved_status": (
        "statuses",
        f"UPDATE issues SET status_id = %(id)s WHERE project_id = {PROJECT} AND number = 2;"
        f" UPDATE projects SET updated_at = now() WHERE id = {PROJECT}",
    ),
}


@pytest.mark.parametrize("kind", GETTING)
def test_who_got_it_lets_go_too(server, ada, kind):
    project = server.project(ada)
    place, giving = GETTING[kind]
    for title in ("Loose stone", "Another"):
        server.ask("POST", f"{project}/issues", {"title": title}, by=ada)
    made = {
        "labels": {"name": "bug"},
        "milestones": {"title": "Spring"},
        "statuses": {"name": "Waiting", "category": "started"},
    }[place]
    there = server.ask("POST", f"{project}/{place}", made, by=ada).json["id"]
    to = server.ask("GET", f"{project}/statuses", by=ada).json["items"][0]["id"]
    body = {"to": to} if place == "statuses" else None
    values = {"key": project.rpartition("/")[2], "id": there}
    with closing(connected(server.database)) as saving, saving.cursor() as cursor, ThreadPoolExecutor() as threads:
        cursor.execute("BEGIN")
        cursor.execute(f"{TAKE}; {giving}", values)
        going = threads.submit(server.ask, "DELETE", f"{project}/{place}/{there}", body, by=ada)
        while not server.rows(WAITING)[0]:
            assert not going.done(), going.result()
            time.sleep(0.01)
        cursor.execute("COMMIT")
        assert going.result().status == 204
    told = server.ask("GET", f"{project}/issues/2/events", by=ada).json["items"]
    assert told[-1]["kind"] == kind
    issue = server.ask("GET", f"{project}/issues/2", by=ada).json
    assert (issue["labels"], issue["milestone"], issue["status"]) == ([], None, "Backlog")


def waited_for(server, number, *asked):
    """Wait until so many of these requests wait for a row."""
    while server.rows(WAITING)[0] < number:
        assert not any(one.done() for one in asked), [one.result() for one in asked if one.done()]
        time.sleep(0.01)


def test_nobody_is_assigned_an_issue_while_they_leave(server, ada):
    """Ada has seen that Bob is a member, and waits for the project; he leaves at that moment."""
    project, bob = server.project(ada), server.person("Bob")
    server.ask("POST", f"{project}/issues", {"title": "Loose stone"}, by=ada)
    number = server.ask("POST", f"{project}/members", {"email": bob.email, "role": "member"}, by=ada).json["id"]
    with (
        closing(connected(server.database)) as counting,
        counting.cursor() as cursor,
        ThreadPoolExecutor() as threads,
    ):
        cursor.execute("BEGIN")
        cursor.execute("SELECT FROM projects WHERE key = %s FOR NO KEY UPDATE", [project.rpartition("/")[2]])
        giving = threads.submit(server.ask, "PATCH", f"{project}/issues/1", {"assignees": [number]}, by=ada)
        waited_for(server, 1, giving)
        going = threads.submit(server.ask, "DELETE", f"{project}/members/{number}", by=bob)
        time.sleep(0.5)
        cursor.execute("COMMIT")
        answers = giving.result().status, going.result().status
    assert answers == (200, 204)
    assert server.ask("GET", f"{project}/issues/1", by=ada).json["assignees"] == []
