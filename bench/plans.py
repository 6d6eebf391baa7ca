"""Shows how PostgreSQL answers each page: `CAIRN_DATA=… python -m bench.plans [--only "common label"]`.

Every statement of a page is run once more under EXPLAIN (ANALYZE, BUFFERS); what is printed is the statement,
shortened, with its plan and its time.
"""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event

from bench.generate import EMAIL, PASSWORD
from bench.scenarios import scenarios
from webapp import create_app
from webapp.db import db

Statement = tuple[str, Any]


def show(client: FlaskClient, wanted: str) -> None:
    """Print the plans of the pages whose names have `wanted` in them."""
    for scenario in scenarios(lambda path: client.get(path, headers={"Accept": "application/json"}).json):
        if wanted not in scenario.name:
            continue
        print(f"\n## {scenario.name}: {scenario.path}")
        with statements() as sent:
            answer = client.get(scenario.path, headers={"Accept": "text/html"})
        print(f"{answer.status}, {len(sent)} statements")
        for statement, parameters in sent:
            explain(statement, parameters)


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """What is sent to the database meanwhile."""
    sent: list[Statement] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip()[:6].upper() in ("SELECT", "WITH R", "WITH A"):
            sent.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def explain(statement: str, parameters: Any) -> None:
    """Print a statement with its plan."""
    connection: Any = db.engine.raw_connection()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY ON) {statement}", parameters)
            plan = [row[0] for row in cursor]
    finally:
        connection.close()
    print("\n" + _short(statement))
    print("\n".join(f"    {line}" for line in plan))


def _short(statement: str) -> str:
    """Without the columns: what is read from where."""
    text = " ".join(statement.split())
    return re.sub(r"^SELECT .*? FROM ", "SELECT … FROM ", text)[:700]


def main() -> None:
    """Log in within the process, and show."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--only", default="")
    given = reader.parse_args()
    app = create_app()
    with app.app_context():
        client = app.test_client()
        token = client.post("/auth/login", json={"email": EMAIL, "password": PASSWORD}).json["access_token"]
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        show(client, given.only)


if __name__ == "__main__":
    main()
