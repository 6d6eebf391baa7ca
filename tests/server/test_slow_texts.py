"""A text that takes long to read keeps nobody from opening an issue."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.databases import connected

# Half a second of parsing on a quiet machine.
SLOW = ("*a_ " * 16_000).strip()
TAKEN = (
    "SELECT 1 FROM projects WHERE id = %s AND NOT EXISTS (SELECT FROM projects WHERE id = %s FOR UPDATE SKIP LOCKED)"
)


def locked_while(server, project_id, act):
    """(how long somebody held the project's row, how long it all took) while something was done."""
    held, begun = 0.0, time.monotonic()
    with ThreadPoolExecutor(1) as threads, closing(connected(server.database)) as connection:
        cursor, done = connection.cursor(), threads.submit(act)
        before = begun
        while not done.done():
            cursor.execute(TAKEN, [project_id, project_id])
            now = time.monotonic()
            held += now - before if cursor.fetchone() else 0
            before = now
            time.sleep(0.005)
    return held, time.monotonic() - begun, done.result()


@pytest.mark.parametrize(
    ("method", "path", "body", "headers"),
    [
        ("POST", "/issues", {"title": "Slow", "body": SLOW}, {}),
        ("POST", "/issues", {"title": "Slow", "body": SLOW}, {"Idempotency-Key": "slow"}),
        ("POST", "/issues/1/comments", {"body": SLOW, "state": "closed"}, {}),
        ("PATCH", "/issues/1", {"body": SLOW, "title": "Slow"}, {}),
    ],
)
def test_a_long_text_is_read_before_the_project_is_taken(server, ada, method, path, body, headers):
    wall = server.project(ada)
    server.ask("POST", f"{wall}/issues", {"title": "A stone is loose"}, by=ada)
    number = server.ask("GET", wall, by=ada).json["id"]
    asked = lambda: server.ask(method, f"{wall}{path}", body, by=ada, headers=headers)  # noqa: E731
    held, whole, answer = locked_while(server, number, asked)
    assert answer.status in (200, 201), answer
    assert held < whole / 3, f"The project was held for {held:.2f} of {whole:.2f} s."
