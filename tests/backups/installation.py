"""Installations whose commits are real ones: one with something of each kind, and empty ones."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask

from tests.conftest import KEY
from tests.databases import connected, empty_database
from tests.prepared import migrated_database
from webapp import create_app, migrations
from webapp.config import ROOT, Settings
from webapp.db import db

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
ROWS = "SELECT count(*), md5(string_agg(one::text, E'\\n' ORDER BY one::text)) FROM {} AS one"
# What a restoration takes away and brings back.
SHAPE = """
    SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), '' FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger
        WHERE NOT tgisinternal
    ORDER BY 1, 2, 3
"""
SEQUENCES = "SELECT sequencename::text FROM pg_sequences ORDER BY 1"
NEXT = "SELECT last_value + is_called::int FROM {}"


class Installation:
    """A database and a folder of files."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.url, self.data = app.config["SETTINGS"].database_url, app.config["SETTINGS"].cairn_data

    def run(self, *args: Any) -> Result:
        return self.app.test_cli_runner().invoke(args=[*map(str, args)])

    def begin(self, *args: object, into: Any = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """The same as a program of its own."""
        told = {"DATABASE_URL": self.url, "CAIRN_DATA": str(self.data), "SECRET_KEY": KEY}
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, args)]
        return subprocess.Popen(command, cwd=ROOT, env=os.environ | told, stdout=into)

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(connected(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def rows(self) -> dict[str, tuple[int, str]]:
        """How many rows each table has, and a sum over all of them."""
        return {name: self.ask(ROWS.format(name))[0] for (name,) in self.ask(TABLES)}

    def shape(self) -> list[tuple[Any, ...]]:
        """Constraints, triggers, and the next number of each sequence."""
        return self.ask(SHAPE) + [(name, *self.ask(NEXT.format(name))) for (name,) in self.ask(SEQUENCES)]

    def files(self) -> dict[str, bytes]:
        """But for the stamp that says when somebody last looked whether some may go."""
        home = self.data / "files"
        found = [path for path in home.rglob("*") if path.is_file() and path.name != ".swept"]
        return {str(path.relative_to(home)): path.read_bytes() for path in found}

    def state(self) -> Any:
        """All that a refused restoration may not change."""
        return self.rows(), self.shape() if self.rows() else None, self.files()


@contextmanager
def installation(database: str, settings: Settings, data: Path, *, prepared: bool = False) -> Iterator[Installation]:
    """One with nothing in it, not even tables unless it is `prepared`."""
    new = migrated_database if prepared else empty_database
    with new(database) as url:
        app = create_app(settings.model_copy(update={"database_url": url, "cairn_data": data}))
        migrations.init_app(app)
        app.testing = False
        yield Installation(app)
        with app.app_context():
            db.engine.dispose()


def refusal(result: Result) -> str:
    """The one sentence with which a command ended."""
    assert (result.exit_code, type(result.exception), result.stdout) == (1, SystemExit, ""), result.output
    [line] = result.stderr.splitlines()
    return line.removeprefix("cairn: ")
