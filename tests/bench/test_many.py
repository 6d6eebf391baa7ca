"""What a change of many issues costs for each of them does not grow with their number.

PostgreSQL has not counted the rows: that is how a table is that has just grown, and where it plans worst.
"""

from typing import Any

import pytest

from bench.generate import EMAIL
from tests.bench.trackers import ROWS, Tracker
from tests.make import Make
from tests.prepared import migrated_database
from webapp import create_app
from webapp.db import db

ISSUES = "/projects/WALL/issues"
MANY = 1_000
# Rows and entries of indexes that are read for each issue.
MOST = 60
# Pages of the index of texts, for each issue with a hundred words.
MOST_PAGES = 30
PAGES = (
    "SELECT coalesce(sum(idx_blks_hit + idx_blks_read), 0) FROM pg_statio_user_indexes"
    " WHERE indexrelname = 'issue_documents_document_idx'"
)
CHANGES: dict[str, dict[str, Any]] = {
    "priority": {"priority": "urgent"},
    "labels": {"add_labels": ["bug"]},
    "labels lost": {"remove_labels": ["bug"]},
    "closed": {"state": "closed"},
    "open": {"state": "open"},
    "assignees": {"add_assignees": [1]},
    "trash": {"delete": True},
}


@pytest.fixture(scope="module")
def tracker(settings):
    with migrated_database(str(settings.database_url)) as own:
        app = create_app(settings.model_copy(update={"database_url": own}))
        make = Make(app)
        ada = make.person("Ada", email=EMAIL)
        project = make.project(ada, key="WALL")
        make.label(project, ada, "bug")
        make.issue(project, ada, title="The first")
        tracker = Tracker(app, own)
        tracker.run(
            "INSERT INTO issues (project_id, number, title, body, author_id, status_id)"
            " SELECT project_id, number + n, 'Stone ' || n, words, author_id, status_id FROM issues, generate_series(1, %s) AS n,"
            " LATERAL (SELECT string_agg('word' || n * k %% 5003, ' ') AS words FROM generate_series(1, 90) AS k) AS body",
            MANY - 1,
        )
        tracker.run("UPDATE projects SET open_issues = %s, next_number = %s", MANY, MANY + 1)
        yield tracker
        with app.app_context():
            db.engine.dispose()


@pytest.mark.parametrize("name", CHANGES)
def test_few_rows_are_read_for_each_of_many_issues(tracker, name):
    numbers = list(range(1, MANY + 1))
    read = tracker.told(ROWS, tracker.json(ISSUES, "PATCH", {"numbers": numbers, **CHANGES[name]}))
    print(f"{name:16}{read / MANY:>8.1f}")
    assert read <= MANY * MOST


def test_what_many_texts_have_in_common_is_sorted_in_once(tracker):
    name = "once more"
    tracker.ask(tracker.json("/projects/WALL/labels", "POST", {"name": name}))
    tracker.run("UPDATE issues SET deleted_at = NULL")
    numbers = list(range(1, MANY + 1))
    touched = tracker.told(PAGES, tracker.json(ISSUES, "PATCH", {"numbers": numbers, "add_labels": [name]}))
    print(f"{touched / MANY:.1f} pages")
    assert touched <= MANY * MOST_PAGES
    assert tracker.run("SELECT gin_clean_pending_list('issue_documents_document_idx')") == [(0,)]
