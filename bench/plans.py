"""Shows how PostgreSQL answers each page: `CAIRN_DATA=… python -m bench.plans [--only "common label"] [--sums]`.

Every statement of a page is run once more under EXPLAIN (ANALYZE, BUFFERS); what is printed is the statement,
shortened, with its plan and its time. One that is prepared is shown with its plan for all values, as it runs in life.
With --sums only the blocks and milliseconds of all statements of a page are told, the least of three, when nothing is
kept but that a list is long. With --general only what is prepared is looked at: how many blocks that plan reads, and
the one that is made for the values at hand. It fails if a plan for all values reads much more.
"""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from bench.generate import EMAIL, PASSWORD
from bench.scenarios import scenarios
from webapp import create_app, eyes, keeping
from webapp.db import db
from webapp.models.accounts import User
from webapp.reading import Built

# As it is sent, its values, and what is prepared of it.
Statement = tuple[str, Any, Built | None]
# What can be run once more, and begins with whatever it calls what it reads first.
READING = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
CHANGING = re.compile(r"\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+(AS\s+\w+\s+)?SET)\b", re.IGNORECASE)
# By so much, and at least so many blocks, a plan for all values may read more than one for the values at hand.
FACTOR, BLOCKS = 1.5, 100
# Pages whose statements no scenario has: small projects and large ones, from both ends and from the middle.
FURTHER = [
    *(
        f"/projects/{key}/{page}"
        for key in ("BIG", "P5")
        for page in (
            "issues?state=closed",
            "issues?state=all",
            "issues?q=is:closed+sort:updated-asc",
            "issues?q=is:open+sort:created-asc",
            "issues?q=is:closed+sort:priority-asc",
            "issues/new",
            "members",
            "labels",
            "milestones",
            "statuses",
            "views",
            "charts",
            "trash",
        )
    ),
    "/projects",
    "/projects/BIG/issues/1",
    "/projects/BIG/issues/1/history",
]


@contextmanager
def asking(app: Flask) -> Iterator[FlaskClient]:
    """A client of whoever measures, logged in within the process."""
    with app.app_context():
        client = app.test_client()
        token = client.post("/auth/login", json={"email": EMAIL, "password": PASSWORD}).json["access_token"]  # type: ignore[index]
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        person_id = db.session.scalar(select(User.id).where(User.email == EMAIL))
        with eyes.through(person_id):  # what is explained reads what the page did
            yield client


def show(client: FlaskClient, wanted: str) -> None:
    """Print the plans of the pages whose names have `wanted` in them."""
    for scenario in scenarios(lambda path: client.get(path, headers={"Accept": "application/json"}).json):
        if wanted not in scenario.name:
            continue
        print(f"\n## {scenario.name}: {scenario.path}")
        with statements() as sent:
            answer = client.get(scenario.path, headers={"Accept": "text/html"})
        print(f"{answer.status}, {len(sent)} statements")
        for statement in sent:
            explain(*statement)


def sums(client: FlaskClient, wanted: str) -> None:
    """Print what all statements of each page read and take together."""
    for scenario in scenarios(lambda path: client.get(path, headers={"Accept": "application/json"}).json):
        if wanted not in scenario.name:
            continue
        client.get(scenario.path, headers={"Accept": "text/html"})
        keeping.forget()
        with statements() as sent:
            client.get(scenario.path, headers={"Accept": "text/html"})
        blocks, ms = zip(*(min(_measured(*one) for _ in range(3)) for one in sent), strict=True)
        print(f"| {scenario.name} | {sum(blocks):,} | {sum(ms):.1f} |", flush=True)


def _measured(statement: str, parameters: Any, built: Built | None) -> tuple[int, float]:
    """The blocks that it touches, and the milliseconds that it takes."""
    told = _explained("ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON", statement, parameters, built)[0][0]
    plan = told["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], told["Execution Time"]


def compare(client: FlaskClient) -> bool:
    """Print what the prepared statements of all pages read, in both ways; whether none reads too much."""
    is_well = True
    asked = scenarios(lambda path: client.get(path, headers={"Accept": "application/json"}).json)
    for path in dict.fromkeys([*(scenario.path for scenario in asked), *FURTHER]):
        with statements() as sent:
            client.get(path, headers={"Accept": "text/html"})
        for statement, parameters, built in sent:
            if built is None or built.custom:
                continue
            general, own = (_blocks(built, parameters, way) for way in ("force_generic_plan", "force_custom_plan"))
            is_worse = general > own * FACTOR and general - own > BLOCKS
            is_well &= not is_worse
            print(f"{general:8,} {own:8,} {'WORSE' if is_worse else '     '} {path}  {_short(statement)[:60]}")
    return is_well


def _blocks(built: Built, parameters: Any, way: str) -> int:
    """How many blocks it touches with a plan of this kind."""
    connection: Any = db.engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET plan_cache_mode = {way}")
            run = _prepared_anew(cursor, built)
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {run}", built.bound(parameters))
            plan = cursor.fetchone()[0][0]["Plan"]
    finally:
        connection.invalidate()
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _prepared_anew(cursor: Any, built: Built) -> str:
    """Prepare it under a name of its own, on a connection that is thrown away; returns what executes it."""
    cursor.execute(built.prepare.replace(built.name, "shown", 1))
    return built.execute.replace(built.name, "shown", 1)


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """What is sent to the database meanwhile."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, *_: Any) -> None:
        if READING.match(statement) and not CHANGING.search(statement):
            sent.append((statement, parameters, context if isinstance(context, Built) else None))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def explain(statement: str, parameters: Any, built: Built | None) -> None:
    """Print a statement with its plan."""
    plan = _explained("ANALYZE, BUFFERS, COSTS OFF, SUMMARY ON", statement, parameters, built)
    print("\n" + _short(statement))
    print("\n".join(f"    {line}" for line in plan))


def _explained(how: str, statement: str, parameters: Any, built: Built | None) -> list[Any]:
    """What PostgreSQL tells of a statement, on a connection that is thrown away."""
    connection: Any = db.engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            run = statement
            if built is not None:
                parameters = built.bound(parameters)
            if built is not None and not built.custom:
                run = _prepared_anew(cursor, built)
            run = f"EXPLAIN ({how}) {run}"
            if not eyes.execute(cursor, run, parameters, None):
                cursor.execute(run, parameters)
            return [row[0] for row in cursor]
    finally:
        connection.invalidate()


def _short(statement: str) -> str:
    """Without the columns: what is read from where."""
    text = " ".join(statement.split())
    return re.sub(r"^SELECT .*? FROM ", "SELECT … FROM ", text)[:700]


def main() -> None:
    """Show, or compare."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--only", default="")
    reader.add_argument("--general", action="store_true")
    reader.add_argument("--sums", action="store_true")
    given = reader.parse_args()
    with asking(create_app()) as client:
        if given.general:
            raise SystemExit(not compare(client))
        (sums if given.sums else show)(client, given.only)


if __name__ == "__main__":
    main()
