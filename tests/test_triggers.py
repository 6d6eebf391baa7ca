"""The database's functions and triggers are those of the `.sql` files beside their features, all of them."""

import re
from collections.abc import Iterator
from fnmatch import filter as filter_names
from fnmatch import fnmatch
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from webapp.config import ROOT
from webapp.db import db

FILES = sorted((ROOT / "webapp").rglob("*.sql"))
MODELS = sorted((ROOT / "webapp" / "models").glob("*.py"))
# Whatever the database has of its own, in the order in which it can be dropped.
MADE = text("""
SELECT 'TRIGGER', tgname || ' ON ' || tgrelid::regclass, pg_get_triggerdef(oid) || ' ' || tgenabled::text
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'FUNCTION', oid::regprocedure::text, pg_get_functiondef(oid)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1 DESC
""")
TOKEN = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\w+|\S")
TRIGGER = re.compile(r"^CREATE (?:CONSTRAINT )?TRIGGER (\w+)\s[^;]*?\sON (\w+)", re.MULTILINE)
TABLE = re.compile(r'^    __tablename__ = "(\w+)"\n((?:    #.*\n)*)', re.MULTILINE)
LINE = re.compile(r"    # Triggers? ([\w*, ]+) \(([\w/]+\.sql)\)\.\n")


def said(definition: str) -> str:
    """What it says, however it is laid out: without blanks and comments, and a long literal in one piece."""
    words: list[str] = []
    for word in TOKEN.findall(definition):
        if word.startswith("'") and words and words[-1].startswith("'"):
            words[-1] = words[-1][:-1] + word[1:]
        elif not word.startswith("--"):
            words.append(word)
    return " ".join(words)


def told(connection: Connection) -> dict[str, str]:
    return {f"{kind} {name}": said(definition) for kind, name, definition in connection.execute(MADE)}


def triggers(path: Path) -> list[str]:
    """What a file makes: "name ON table"."""
    return [f"{name} ON {table}" for name, table in TRIGGER.findall(path.read_text())]


@pytest.fixture
def connection(migrated: Flask) -> Iterator[Connection]:
    with migrated.app_context(), db.engine.connect() as connection:
        connection.connection.dbapi_connection.autocommit = False
        with connection.begin() as whole:
            yield connection
            whole.rollback()


def test_the_database_has_what_the_files_say(connection):
    """A migration that changes a function, and the file that still has the former one, would part for good."""
    migrated = told(connection)
    for one in migrated:
        # What is generated with a function goes with it.
        connection.exec_driver_sql(f"DROP {one} CASCADE")
    assert told(connection) == {}
    # A function may name what stands below it.
    connection.exec_driver_sql("SET LOCAL check_function_bodies = off")
    for file in FILES:
        connection.exec_driver_sql(file.read_text().replace("%", "%%"))
    assert told(connection) == migrated


def test_a_model_names_each_trigger_of_its_table(connection):
    """Whoever changes a table sees in its model what the database does by itself, and where that is written."""
    models = "".join(path.read_text() for path in MODELS)
    lines = {
        f"{file} {pattern} ON {table}"
        for table, comments in TABLE.findall(models)
        for patterns, file in LINE.findall(comments)
        for pattern in patterns.split(", ")
    }
    made = {f"{path.relative_to(ROOT / 'webapp')} {one}" for path in FILES for one in triggers(path)}
    assert {line for line in lines if not filter_names(made, line)} == set()
    assert {one for one in made if not any(fnmatch(one, line) for line in lines)} == set()


def test_every_trigger_is_found_in_a_file(connection):
    """What the other tests go by is what the database was told."""
    made = [name.removeprefix("TRIGGER ") for name in told(connection) if name.startswith("TRIGGER")]
    assert sorted(one for path in FILES for one in triggers(path)) == sorted(made)
