"""What is put into statements so that they see no more than their reader."""

import re

import pytest

from tests.safety.hidden import statements
from webapp import eyes
from webapp.db import Base, db
from webapp.models.comments import Comment
from webapp.models.issues import Issue

# Tables that belong to issues and tell nothing of them to whoever does not see these.
NOT_SEEN: dict[str, str] = {}


def understand(app, built):
    """Let PostgreSQL prepare each of them."""
    with app.app_context():
        for one in built:
            connection = db.session.connection()
            connection.exec_driver_sql(one.prepare.replace(one.name, "looked_at", 1))
            connection.exec_driver_sql("DEALLOCATE looked_at")


def test_each_statement_can_be_narrowed(app):
    """As it is written by hand, too: PostgreSQL understands it, and takes one value more."""
    narrowed = [one.narrowed for one in statements() if one.narrowed is not one]
    assert len(narrowed) > 50
    understand(app, narrowed)


def test_each_table_of_issues_is_narrowed():
    """A new one has to be named in webapp/eyes.py, or to say here why not."""
    issues, comments = Issue.__table__, Comment.__table__
    of_issues = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table is issues for key in table.foreign_keys)
    }
    of_comments = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table is comments for key in table.foreign_keys)
    }
    assert of_issues - NOT_SEEN.keys() <= eyes.SEEN.keys()
    assert eyes.SEEN.keys() <= eyes.LIMITED.keys()
    assert [table for table in of_comments if "unheard" not in eyes.SEEN[table]] == []


# Tables that belong to projects by another table, and are read together with that.
NOT_LIMITED = {
    "project_aliases": "a key leads to a project, which is looked up; it is taken by one that is not seen as well",
}


def test_each_table_of_projects_is_limited():
    """A new one has to be named in webapp/eyes.py, or to say here why not."""
    of_projects = {table.name for table in Base.metadata.tables.values() if "project_id" in table.columns}
    assert of_projects - NOT_LIMITED.keys() <= eyes.LIMITED.keys()
    assert not NOT_LIMITED.keys() & eyes.LIMITED.keys()
    assert [table for table, seen in eyes.LIMITED.items() if eyes.WITHIN not in seen] == []


def test_each_statement_can_be_limited(app):
    """The same of those that somebody runs who is limited to projects."""
    limited = [one.limited for one in statements() if one.limited is not one]
    assert len(limited) > 50
    understand(app, limited)


def test_each_statement_can_be_made_plain(app):
    """The same of those of an administrator who does not act as one."""
    plain = [one.plain for one in statements() if one.plain is not one]
    assert len(plain) > 50
    understand(app, plain)


def test_nobody_is_an_administrator_who_does_not_look_as_one():
    assert [table for table, seen in eyes.SEEN.items() if "is_admin" not in seen] == []
    assert [table for part in (eyes.PLAIN, eyes.LIMITED) for table, seen in part.items() if "is_admin" in seen] == []


@pytest.mark.parametrize("table", ["labels", "projects"])
def test_what_counts_issues_has_all_of_its_columns(table):
    told = set(re.findall(r"\w+", eyes.SEEN[table]))
    assert set(Base.metadata.tables[table].columns.keys()) <= told


READ = [
    ("SELECT id, events FROM webhooks", []),
    ("SELECT a FROM x, issues WHERE x.id IN (1, events)", ["issues"]),
    ("SELECT a FROM x JOIN (issues AS i JOIN projects ON a = b) ON true", ["issues", "projects"]),
    ("SELECT x IS DISTINCT FROM labels", []),
    ("SELECT 'FROM issues' FROM labels -- FROM events", ["labels"]),
    ("DELETE FROM comments USING issues WHERE a", ["issues"]),
    ("UPDATE issues SET a = 1 FROM comments WHERE x", ["comments"]),
    ("INSERT INTO issues (id, events) SELECT id, events FROM reactions", ["reactions"]),
    ("SELECT x FROM a JOIN b ON a.x = b.x, issues AS i", ["issues"]),
    ("SELECT EXISTS (SELECT FROM comments, LATERAL (SELECT 1) AS y), labels FROM z", ["comments"]),
    ("SELECT id FROM issues AS whole", []),
]


@pytest.mark.parametrize(("statement", "tables"), READ)
def test_what_a_statement_reads_is_narrowed_and_nothing_else(statement, tables):
    narrowed = eyes.seen(statement)
    assert narrowed.count(eyes.READER) > 0 or not tables
    for table in tables:
        assert eyes.SEEN[table] in narrowed
        narrowed = narrowed.replace(eyes.SEEN[table], table)
    assert eyes.READER not in narrowed
