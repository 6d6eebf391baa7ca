"""Fills the database with a made-up tracker: `python -m bench.generate --issues 1000000`.

The database is the one that Cairn would use: DATABASE_URL, or the embedded one of the folder CAIRN_DATA. With a
million issues it takes about a quarter of an hour and 6 GB. Log in as measure@cairn.example.
"""

import argparse
import io
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import text

from bench.world import LABELS, MILESTONES, PEOPLE, PROJECTS, STATUSES, Places, Row, World
from webapp import create_app, migrations
from webapp.auth import passwords
from webapp.db import db
from webapp.models.statuses import DEFAULTS

EMAIL, PASSWORD = "measure@cairn.example", "a cairn of a million stones"
# Who measures is a member of so many projects, and has so many open and closed issues assigned, and reported.
OWN, ASSIGNED, DONE = 20, 60, 200
COLUMNS = {
    "issues": (
        "id, project_id, number, title, body, state, close_reason, priority, due_on, author_id, created_at,"
        " updated_at, closed_at, comment_count, version, status_id, milestone_id"
    ),
    "comments": "id, issue_id, author_id, body, created_at",
    "events": "project_id, issue_id, actor_id, change_id, kind, data, created_at",
    "issue_labels": "issue_id, label_id",
    "issue_assignees": "issue_id, user_id",
}
AT_ONCE = 100_000
# Documents are written once at the end, instead of with each of the rows.
DEFERRED = {"issues": "document_new", "comments": "document_new", "issue_labels": "document_labelled"}
DOCUMENT_INDEX = (
    "CREATE INDEX issue_documents_document_idx ON issue_documents USING gin (document) WITH (fastupdate = on)"
)
_ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def generate(issues: int, seed: int = 7) -> None:
    """Write a tracker of so many issues. Raises SystemExit for a database that has one already."""
    database = Database()
    if database.value("SELECT count(*) FROM projects WHERE key = 'BIG'"):
        raise SystemExit("There is a generated tracker in this database already.")
    places = _places(database)
    first_issue = database.value("SELECT coalesce(max(id), 0) + 1 FROM issues")
    first_comment = database.value("SELECT coalesce(max(id), 0) + 1 FROM comments")
    world = World(places, issues, seed, datetime.now(UTC), first_issue, first_comment)
    for table, trigger in DEFERRED.items():
        database.run(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    _fill(database, world)
    for table, trigger in DEFERRED.items():
        database.run(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
    _write_documents(database, first_issue, first_issue + issues)
    take_part(database, places.projects)
    _settle(database, places)


class Database:
    """A connection in autocommit, without the timeouts of pages."""

    def __init__(self) -> None:
        self._taken = db.engine.raw_connection()  # let go, it would be given to the next who asks as well
        self.connection: Any = self._taken.driver_connection
        self.connection.autocommit = True  # type: ignore[union-attr]
        self.run("SET statement_timeout = 0")
        self.run("SET lock_timeout = 0")  # whoever tidies up beside holds a table for longer than pages wait
        self.run("SET maintenance_work_mem = '1GB'")
        self.run("SET synchronous_commit = off")

    def run(self, statement: str, *values: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)

    def values(self, statement: str, *values: Any) -> list[Any]:
        """The first column of what a statement returns."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [row[0] for row in cursor]

    def value(self, statement: str, *values: Any) -> Any:
        return self.values(statement, *values)[0]

    def copy(self, table: str, rows: Sequence[Row]) -> None:
        lines = io.StringIO("".join("\t".join(map(_word, row)) + "\n" for row in rows))
        with self.connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({COLUMNS[table]}) FROM STDIN", lines)


def _word(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, dict):
        value = json.dumps(value)
    return str(value).translate(_ESCAPED)


def _places(database: Database) -> Places:
    """Make people, projects, and what an issue can be tied to."""
    people = database.values(
        "INSERT INTO users (name, email, handle)"
        " SELECT 'Person ' || n, 'person' || n || '@cairn.example', 'person' || n"
        " FROM generate_series(1, %s) AS n RETURNING id",
        PEOPLE,
    )  # fmt: skip
    projects = database.values(
        "INSERT INTO projects (key, name, description, visibility, owner_id)"
        " SELECT CASE n WHEN 1 THEN 'BIG' ELSE 'P' || n END, 'Project ' || n, 'Made to be measured.', 'private', %s"
        " FROM generate_series(1, %s) AS n RETURNING id",
        people[0], PROJECTS,
    )  # fmt: skip
    database.run(
        "INSERT INTO memberships (project_id, user_id, role)"
        " SELECT project, person, CASE WHEN person = %s THEN 'owner' ELSE 'member' END"
        " FROM unnest(%s) AS project, unnest(%s) AS person",
        people[0], projects, people,
    )  # fmt: skip
    return Places(
        people,
        projects,
        [_labels(database, project) for project in projects],
        [_milestones(database, project) for project in projects],
        [_statuses(database, project) for project in projects],
    )


def _labels(database: Database, project: int) -> list[int]:
    return database.values(
        "INSERT INTO labels (project_id, name, color)"
        " SELECT %s, CASE n WHEN 1 THEN 'bug' WHEN 2 THEN 'feature' ELSE 'area::' || n END, '#2a6f73'"
        " FROM generate_series(1, %s) AS n RETURNING id",
        project, LABELS,
    )  # fmt: skip


def _milestones(database: Database, project: int) -> list[int]:
    return database.values(
        "INSERT INTO milestones (project_id, title, due_on)"
        " SELECT %s, 'v' || n || '.0', current_date + n::int * 14 FROM generate_series(1, %s) AS n RETURNING id",
        project, MILESTONES,
    )  # fmt: skip


def _statuses(database: Database, project: int) -> list[int]:
    names, categories = [name for name, _ in DEFAULTS], [str(category) for _, category in DEFAULTS]
    assert tuple(names) == STATUSES
    return database.values(
        "INSERT INTO statuses (project_id, name, category, position)"
        " SELECT %s, name, category, rank - 1"
        " FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS each (name, category, rank) RETURNING id",
        project, names, categories,
    )  # fmt: skip


def _fill(database: Database, world: World) -> None:
    rows, written = world.rows(), 0
    while chunk := list(islice(rows, AT_ONCE)):
        by_table: dict[str, list[Row]] = defaultdict(list)
        for table, row in chunk:
            by_table[table].append(row)
        for table in COLUMNS:
            if by_table[table]:
                database.copy(table, by_table[table])
        written += len(chunk)
        _say(f"{written:,} rows")
    for table in ("issues", "comments"):
        last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
        database.run(last)


def _write_documents(database: Database, first: int, end: int) -> None:
    """Write the documents of full text, on two connections, and their index at last."""
    database.run("DROP INDEX issue_documents_document_idx")
    parts = _parts(first, end, 5000)
    lock = threading.Lock()

    def work(own: Database) -> None:
        while True:
            with lock:
                part = next(parts, None)
            if part is None:
                return
            own.run(
                "INSERT INTO issue_documents (issue_id, project_id, document)"
                " SELECT issue_id, project_id, document"
                " FROM made_issue_documents(array(SELECT generate_series(%s, %s - 1)))",
                *part,
            )
            _say(f"documents up to issue {part[1]:,}")

    others = [threading.Thread(target=work, args=[own]) for own in (Database(), Database())]
    for thread in others:
        thread.start()
    for thread in others:
        thread.join()
    _say("the index of the documents")
    database.run(DOCUMENT_INDEX)


def _parts(first: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    for start in range(first, end, size):
        yield start, min(start + size, end)


def take_part(database: Database, projects: Sequence[int]) -> None:
    """Add who measures: a member of some projects with as many issues of their own as one can hold."""
    (person,) = database.values(
        "INSERT INTO users (name, email, password_hash, handle) VALUES ('Measure', %s, %s, 'measure') RETURNING id",
        EMAIL, passwords.hashed(PASSWORD),
    )  # fmt: skip
    own = projects[:OWN]
    database.run("INSERT INTO memberships (project_id, user_id, role) SELECT unnest(%s), %s, 'member'", own, person)
    for state, number in (("open", ASSIGNED), ("closed", DONE)):
        database.run(
            "INSERT INTO issue_assignees (issue_id, user_id) SELECT id, %s FROM issues"
            " WHERE state = %s AND project_id = ANY (%s) ORDER BY hashint8(id) LIMIT %s",
            person, state, own, number,
        )  # fmt: skip
        database.run(
            "UPDATE issues SET author_id = %s WHERE id IN (SELECT id FROM issues"
            " WHERE state = %s AND project_id = ANY (%s) ORDER BY hashint8(id + 1) LIMIT %s)",
            person, state, own, number,
        )  # fmt: skip


def _settle(database: Database, places: Places) -> None:
    """Bring the counters in step, and tell the planner."""
    database.run(
        "UPDATE labels SET issue_count = counted.number FROM (SELECT label_id, count(*) AS number FROM issue_labels"
        " GROUP BY label_id) AS counted WHERE labels.id = counted.label_id"
    )
    database.run(
        "UPDATE projects SET open_issues = counted.opened, closed_issues = counted.closed, next_number = last + 1"
        " FROM (SELECT project_id, count(*) FILTER (WHERE state = 'open') AS opened,"
        " count(*) FILTER (WHERE state = 'closed') AS closed, max(number) AS last FROM issues GROUP BY project_id)"
        " AS counted WHERE projects.id = counted.project_id AND projects.id = ANY (%s)",
        places.projects,
    )
    _say("VACUUM ANALYZE")
    database.run("VACUUM ANALYZE")


def _say(what: str) -> None:
    print(f"\r{time.strftime('%H:%M:%S')} {what}    ", end="", flush=True, file=sys.stderr)


def main() -> None:
    """Read the arguments, bring the database up to date, and fill it."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--issues", type=int, default=100_000)
    reader.add_argument("--seed", type=int, default=7)
    given = reader.parse_args()
    app = create_app()
    migrations.init_app(app)
    with app.app_context():
        from flask_migrate import upgrade

        upgrade()
        generate(given.issues, given.seed)
        number = db.session.scalar(text("SELECT count(*) FROM comments"))
    print(f"\n{given.issues:,} issues with {number:,} comments. Log in as {EMAIL} with: {PASSWORD}")


if __name__ == "__main__":
    main()
