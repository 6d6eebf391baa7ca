"""`python -m tests.hearing.figures` measures how long a change of 10,000 issues is heard by 20 people who want everything.

It starts an embedded PostgreSQL of its own, which syncs as in life. Another number of issues may be given.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import text

from tests.committed import committing
from tests.conftest import KEY
from tests.jobs.figures import TICK, ticks
from tests.make import Make
from webapp import embedded
from webapp.config import Settings
from webapp.db import db, transacting
from webapp.hearing import service as hearing
from webapp.mail import composing, drawing
from webapp.mail import service as mail

PEOPLE = 20
# All of an issue but what is its own.
ISSUES = """
    INSERT INTO issues ({columns}) SELECT {values} FROM issues, generate_series(2, :number) AS place WHERE number = 1
"""
EVENTS = """
    INSERT INTO events (project_id, issue_id, actor_id, change_id, kind, data)
    SELECT project_id, id, author_id, :change, 'prioritised', '{"from": "none", "to": "high"}' FROM issues
"""


def main(number: int = 10_000) -> None:
    home = Path(tempfile.mkdtemp(prefix="cairn-figures-"))
    home.chmod(0o755)
    server = embedded.acquire(home / "postgres")
    address = server.url("cairn_figures")
    given = Settings(
        _env_file=None, database_url=address, secret_key=KEY, cairn_data=home / "data",
        mail_url="smtp://localhost:1", mail_from="cairn@example.com", base_url="https://cairn.example",
    )  # fmt: skip
    try:
        with committing(address, given) as app:
            fill(app, number)
            for way in ("inbox", "mail"):
                print(heard(app, way, number), flush=True)
    finally:
        server.release()
        shutil.rmtree(home, ignore_errors=True)


def fill(app: Flask, number: int) -> None:
    """So many issues alike, and people who want everything of their project."""
    make = Make(app)
    ada = make.person("Ada")
    project = make.project(ada)
    make.issue(project, ada)
    with app.app_context(), transacting():
        names = run(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'issues' AND is_generated = 'NEVER'"
        )
        columns = [name for (name,) in names if name != "id"]
        values = ", ".join("place" if name == "number" else f"issues.{name}" for name in columns)
        run(ISSUES.format(columns=", ".join(columns), values=values), number=number)
    for _ in range(PEOPLE):
        person = make.member(project, "member")
        with app.app_context(), transacting():
            run(
                "INSERT INTO project_watches (project_id, user_id, level) VALUES (:project, :person, 'all')",
                project=project.id,
                person=person.id,
            )
    with app.app_context(), transacting():
        run("DELETE FROM jobs")


def heard(app: Flask, way: str, number: int) -> str:
    """Hear of a change of all, as one who does nothing else."""
    change = uuid4()
    with app.app_context():
        with transacting():
            run("INSERT INTO notification_settings (user_id) SELECT id FROM users ON CONFLICT DO NOTHING")
            run("UPDATE notification_settings SET ways = jsonb_build_object('changed', CAST(:way AS text))", way=way)
            run(EVENTS, change=change)
            run("ANALYZE")
            process = run("SELECT pg_backend_pid()")[0][0]
        began, ours, its = time.monotonic(), time.process_time(), ticks(process)
        at: int | None = 0
        while at is not None:
            hearing.hear(change, at)
            at = rest(change)
        took, ours, its = time.monotonic() - began, time.process_time() - ours, ticks(process) - its
        with transacting():
            told = run("SELECT count(*) FROM deliveries WHERE change_id = :change", change=change)[0][0]
        said = (
            f"{way}: {number} issues, {told} told in {took:.1f} s, with {ours:.1f} s of CPU in Python"
            f" and {its / TICK:.1f} in PostgreSQL"
        )
        return f"{said}; {composed()}" if way == "mail" else said


def rest(change: UUID) -> int | None:
    """Behind which issue the job goes on that was left for the rest."""
    with transacting():
        found = run("DELETE FROM jobs WHERE task = 'hear' RETURNING args ->> 'after'")
        return max((int(one[0] or 0) for one in found), default=None)


def composed() -> str:
    """Until each of these mails is put into words."""
    ids = [one[0] for one in run("SELECT id FROM mails WHERE state = 'waiting'")]
    began = time.monotonic()
    for one in ids:
        with transacting():
            row = mail.take(one)
        if row and (letter := composing.composer(row.kind).compose(row)):
            drawing.draw(row, letter)
    took = time.monotonic() - began
    return f"{len(ids)} mails put into words in {took:.1f} s"


def run(statement: str, **values: Any) -> Any:
    found: Any = db.session.execute(text(statement), values)
    return found.all() if found.returns_rows else None


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
