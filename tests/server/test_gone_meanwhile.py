"""What is deleted while somebody saves it is not there for them either."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial

import pytest

from tests.databases import connected

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
THINGS = {
    "labels": ({"name": "bug"}, {"description": "No stone"}),
    "issue_templates": ({"name": "Report"}, {"title": "A stone"}),
    "views": ({"name": "Mine", "query": "is:open"}, {"query": "is:closed"}),
    "milestones": ({"title": "One"}, {"title": "Two"}),
    "statuses": ({"name": "Cooling", "category": "started"}, {"name": "Cold"}),
}


@pytest.mark.parametrize("table", THINGS)
def test_what_goes_while_it_is_saved(server, ada, table):
    project, (made, changes) = server.project(ada), THINGS[table]
    place = f"{project}/{table.removeprefix('issue_')}"
    id = server.ask("POST", place, made, by=ada).json["id"]
    save = partial(server.ask, "PATCH", f"{place}/{id}", changes, by=ada)
    with (
        closing(connected(server.database)) as deleting,
        deleting.cursor() as cursor,
        ThreadPoolExecutor() as threads,
    ):
        cursor.execute("BEGIN")
        if table == "statuses":
            cursor.execute("SELECT FROM projects WHERE key = %s FOR UPDATE", [project.rpartition("/")[2]])
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [id])
        saving = threads.submit(save)
        while not server.rows(WAITING)[0]:
            assert not saving.done(), saving.result()
            time.sleep(0.01)
        cursor.execute("COMMIT")
        assert saving.result().status == 404
