"""Made-up trackers of a run's own, asked in the process as it works in life: nothing is rolled back, nothing made twice."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import asdict
from typing import Any

from flask import Flask
from flask_jwt_extended import get_csrf_token
from sqlalchemy import select

from bench.calls import Counted, counted, environ_of
from bench.generate import EMAIL, generate
from bench.looks import Look
from bench.measure import TOUCH
from bench.visitors import Answer, Request, Visitor
from tests.clients import token_of
from tests.databases import connected
from tests.prepared import migrated_database
from webapp import create_app
from webapp.config import Settings
from webapp.db import db
from webapp.http.cookies import marked
from webapp.models.accounts import User

ROWS = (
    "SELECT (SELECT coalesce(sum(seq_tup_read), 0) FROM pg_stat_user_tables)"
    " + (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes)"
)
BUSY = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"


class Tracker(Visitor):
    """An application on a database of its own, and somebody who has much to do there."""

    def __init__(self, app: Flask, database: str) -> None:
        self.app, self.database = app, database
        with app.app_context():
            person = db.session.scalars(select(User).where(User.email == EMAIL)).one()
            token, cookie = token_of(app, person), marked("cairn")  # type: ignore[arg-type]
            self.csrf = str(get_csrf_token(token))
        self.bearer = {"Authorization": f"Bearer {token}"}
        self.cookies = {"Cookie": f"{cookie}={token}"}

    def ask(self, request: Request) -> Answer:
        told: list[Any] = []
        parts = self.app(environ_of(asdict(request)), lambda *start: told.extend(start))  # type: ignore[arg-type]
        with closing(parts) if hasattr(parts, "close") else nullcontext():  # type: ignore[type-var]
            body = b"".join(parts)
        return Answer(int(told[0].split()[0]), told[1], body)

    def run(self, statement: str, *values: Any) -> list[Any]:
        with closing(connected(self.database)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def counted(self, look: Look, times: int = 6) -> Counted:
        """The least that one of several answers took: what is filled once is no part of it."""
        return min((self._counted(look, number) for number in range(times)), key=lambda one: one.calls)

    def _counted(self, look: Look, number: int) -> Counted:
        if look.before:
            self.run(look.before)
        batch = look.batch()
        # Of changes three, so that each project has been seen when its turn comes again.
        request = batch[0 if batch[0].method == "GET" else number % 3]
        found = counted(self.app, asdict(request))
        assert found.status in look.expected, f"{request.path}: {found.status}"
        return found

    def rows(self, request: Request) -> int:
        """How many rows and entries of indexes PostgreSQL reads for an answer of which nothing is kept.

        It tells them when a connection ends.
        """
        self.ask(request)  # renders what was never rendered
        self.run(TOUCH)
        return self.told(ROWS, request)

    def told(self, counter: str, request: Request) -> int:
        """By how much an answer moves one of PostgreSQL's counters, which is read by SQL."""
        before = self._told(counter)
        assert self.ask(request).status == 200, request.path
        return self._told(counter) - before

    def _told(self, counter: str) -> int:
        with self.app.app_context():
            db.engine.dispose()
        end = time.monotonic() + 30
        while self.run(BUSY)[0][0] and time.monotonic() < end:
            time.sleep(0.01)
        return int(self.run(counter)[0][0])


@contextmanager
def made_up(settings: Settings, issues: int) -> Iterator[Tracker]:
    """A tracker of so many issues in a new database."""
    with migrated_database(str(settings.database_url)) as own:
        there = settings.model_copy(update={"database_url": own})
        maker = create_app(there)
        with maker.app_context():
            generate(issues)
            db.engine.dispose()
        app = create_app(there)
        yield Tracker(app, own)
        with app.app_context():
            db.engine.dispose()
