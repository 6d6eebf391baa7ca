"""Changes that wait for a row while somebody archives the project, or deletes what they are about."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from tests.databases import connected
from tests.server.running import PATIENCE

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
ISSUE = "SELECT id FROM issues WHERE project_id = %s AND number = 1 FOR UPDATE"
PROJECT = "SELECT id FROM projects WHERE id = %s FOR UPDATE"
ARCHIVE = "UPDATE projects SET archived_at = now() WHERE id = %s"
LABEL = """
INSERT INTO issue_labels (issue_id, label_id)
SELECT issues.id, labels.id FROM issues JOIN labels USING (project_id) WHERE project_id = %s AND number = 1
"""
CLOSE = "UPDATE issues SET state = 'closed', closed_at = now() WHERE project_id = %s RETURNING number"
STAND = "SELECT place FROM issue_labels JOIN issues ON issues.id = issue_id WHERE project_id = %s"
TRASH = "UPDATE issues SET deleted_at = now(), deleted_by = author_id WHERE project_id = %s AND number = 1"


@pytest.fixture
def wall(server, ada):
    """A project with an issue that has a comment."""
    wall = server.project(ada)
    server.ask("POST", f"{wall}/issues", {"title": "A stone is loose"}, by=ada)
    server.ask("POST", f"{wall}/issues/1/comments", {"body": "- [ ] Seen"}, by=ada)
    return wall


@contextmanager
def taken(server, lock, project_id):
    """Hold a row as somebody else does, until it is let go."""
    with closing(connected(server.database)) as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute(lock, [project_id])
        yield cursor
        connection.commit()


def answer_after(server, ada, wall, lock, change, request):
    """The answer to a request that had to wait while somebody changed what it had found."""
    method, path, body = request
    number = server.ask("GET", wall, by=ada).json["id"]
    return result_after(server, number, lock, change, lambda: server.ask(method, f"{wall}{path}", body, by=ada))


def result_after(server, number, lock, change, act):
    """What comes of an act that had to wait."""
    with ThreadPoolExecutor(1) as threads:
        with taken(server, lock, number) as cursor:
            asked = threads.submit(act)
            deadline = time.monotonic() + PATIENCE
            while not server.rows(WAITING)[0] and not asked.done() and time.monotonic() < deadline:
                time.sleep(0.01)
            cursor.execute(change, [number])
        return asked.result()


@pytest.mark.parametrize(
    ("lock", "request_"),
    [
        (PROJECT, ("POST", "/issues", {"title": "Late"})),
        (ISSUE, ("PATCH", "/issues/1", {"title": "Late"})),
        (ISSUE, ("DELETE", "/issues/1", None)),
        (ISSUE, ("POST", "/issues/1/comments", {"body": "Late"})),
        (ISSUE, ("PATCH", "/issues?q=is:open", {"priority": "high"})),
        (ISSUE, ("POST", "/board/moves", {"number": 1, "column": "Done"})),
        (PROJECT, ("POST", "/labels", {"name": "late", "color": "#d34467"})),
        (PROJECT, ("POST", "/views", {"name": "Late"})),
        (PROJECT, ("POST", "/milestones", {"title": "Late"})),
        (PROJECT, ("POST", "/statuses", {"name": "Late", "category": "started"})),
        (PROJECT, ("POST", "/members", {"email": "late@example.com"})),
    ],
)
def test_what_comes_after_the_archive_changes_nothing(server, ada, wall, lock, request_):
    answer = answer_after(server, ada, wall, lock, ARCHIVE, request_)
    assert (answer.status, "archived" in answer.text) == (403, True), answer


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/comments", {"body": "Late"}),
        ("PATCH", "/comments/{comment}", {"body": "Late"}),
        ("DELETE", "/comments/{comment}", None),
        ("POST", "/comments/{comment}/tasks", {"done": [0]}),
    ],
)
def test_nobody_comments_on_what_is_being_deleted(server, ada, wall, method, path, body):
    comment = server.ask("GET", f"{wall}/issues/1/comments", by=ada).json["items"][0]["id"]
    late = (method, f"/issues/1{path.format(comment=comment)}", body)
    assert answer_after(server, ada, wall, ISSUE, TRASH, late).status == 410


def test_what_is_closed_while_it_is_labelled_leaves_the_board(server, ada, wall):
    server.ask("POST", f"{wall}/labels", {"name": "kind::bug"}, by=ada)
    number = server.ask("GET", wall, by=ada).json["id"]
    closed = result_after(server, number, LABEL, STAND, lambda: server.rows(CLOSE, number))
    assert (closed, server.rows(STAND, number)) == ([1], [None])
