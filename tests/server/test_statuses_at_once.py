"""A status goes while somebody saves one of its issues."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from tests.databases import connected

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_a_status_that_goes_and_an_issue_that_is_saved_do_not_wait_for_each_other(server, ada):
    project = server.project(ada)
    key = project.rpartition("/")[2]
    server.ask("POST", f"{project}/issues", {"title": "Loose stone"}, by=ada)
    first, other, *_ = server.ask("GET", f"{project}/statuses", by=ada).json["items"]
    with closing(connected(server.database)) as saving, saving.cursor() as cursor, ThreadPoolExecutor() as threads:
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT FROM issues JOIN projects ON projects.id = project_id WHERE key = %s FOR UPDATE OF issues", [key]
        )
        going = threads.submit(server.ask, "DELETE", f"{project}/statuses/{first['id']}", {"to": other["id"]}, by=ada)
        while not server.rows(WAITING)[0]:
            time.sleep(0.01)
        cursor.execute("SELECT FROM projects WHERE key = %s FOR KEY SHARE NOWAIT", [key])
        cursor.execute("COMMIT")
        assert going.result().status == 204
