from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from webapp.db import db, transacting
from webapp.jobs import service as jobs
from webapp.jobs.tasks import TASKS, task


@pytest.fixture(autouse=True)
def only_those_of_the_test() -> Iterator[None]:
    """What a test registers goes with it, and what others have registered does not run in between."""
    known = dict(TASKS)
    TASKS.clear()
    yield
    TASKS.clear()
    TASKS.update(known)


@pytest.fixture
def done() -> list[Any]:
    """What the task `note` was given, in the order in which it was done."""
    noted: list[Any] = []

    @task("note")
    def note(**args: Any) -> None:
        noted.append(args.get("word"))

    return noted


@pytest.fixture
def enqueue(app: Flask) -> Callable[..., None]:
    def run(name: str = "note", word: str = "", **more: Any) -> None:
        with app.app_context(), transacting():
            jobs.enqueue(name, {"word": word}, **more)

    return run


@pytest.fixture
def rows(app: Flask) -> Callable[..., list[Any]]:
    """What lies in the queue."""

    def asked(columns: str = "task, state", where: str = "true") -> list[Any]:
        with app.app_context():
            found = db.session.execute(text(f"SELECT {columns} FROM jobs WHERE {where} ORDER BY id")).all()
            return [row[0] if len(row) == 1 else tuple(row) for row in found]

    return asked
