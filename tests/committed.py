"""A database of its own in which commits are real ones, for what happens when a transaction ends."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from tests.databases import TIME_LIMITS, connected
from tests.make import Make
from tests.prepared import migrated_database
from webapp import create_app, migrations
from webapp.config import Settings
from webapp.db import db

# As in tests/databases.py, for as long as a connection lasts.
UNLIMITED_HERE = "SELECT set_config(name, '0', false) FROM pg_settings"


class Kept:
    """A database with a project and an issue in each of two, whose commits are real ones."""

    def __init__(self, url: str, app: Flask) -> None:
        self.url, make = url, Make(app)
        ada = make.person("Ada")
        make.person("Bob")
        self.projects = [make.project(ada, key=key, visibility="public") for key in ("WALL", "GATE")]
        self.issues = [make.issue(project, ada, body="As it **is**.") for project in self.projects]
        make.comment(self.projects[0], self.issues[0], ada)
        make.label(self.projects[0], ada)
        self.values = {"project": self.projects[0].id, "issue": self.issues[0].id, "other": self.issues[1].id}
        with app.app_context():
            db.engine.dispose()

    def connect(self) -> Any:
        return closing(connected(self.url))

    def run(self, *statements: Any) -> Any:
        """Carry them out in one transaction; returns the first column of what the last one gives."""
        with self.connect() as connection, connection.cursor() as cursor:
            connection.autocommit = False
            for statement in statements:
                cursor.execute(statement)
            found = cursor.fetchone() if cursor.description else None
            connection.commit()
            return found[0] if found else None

    def counters(self, place: int = 0) -> tuple[int, int, int]:
        """The project's stamp and words, and that of people."""
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT stamp, words, people FROM project_stamps, stamps WHERE project_id = %s",
                [self.projects[place].id],
            )
            return cursor.fetchone()

    def moved(self, *statements: Any, place: int = 0) -> set[str]:
        """Which of the counters a transaction moves. None ever goes back."""
        before = self.counters(place)
        self.run(*statements)
        after = self.counters(place)
        assert all(new >= old for old, new in zip(before, after, strict=True))
        pairs = zip(("stamp", "words", "people"), before, after, strict=True)
        return {name for name, old, new in pairs if new > old}


@contextmanager
def committed(database: str, settings: Settings) -> Iterator[Kept]:
    """Such a database beside that one."""
    with committing(database, settings) as app:
        yield Kept(app.config["SETTINGS"].database_url, app)


def _unlimited(connection: Any, _: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"{UNLIMITED_HERE} WHERE name = ANY(%s)", [list(TIME_LIMITS)])


@contextmanager
def committing(database: str, settings: Settings) -> Iterator[Flask]:
    """The application over a database of its own beside that one, whose commits are real ones."""
    with migrated_database(database) as url:
        app = create_app(settings.model_copy(update={"database_url": url}))
        migrations.init_app(app)
        app.testing = False
        with app.app_context():
            event.listen(db.engine, "connect", _unlimited)
        yield app
        with app.app_context():
            db.engine.dispose()
