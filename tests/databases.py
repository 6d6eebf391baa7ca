"""Databases of a test's own, on the server that the run has."""

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2


def connected(database: str) -> Any:
    """A connection of the test's own, each statement for itself."""
    connection = psycopg2.connect(database.replace("postgresql+psycopg2://", "postgresql://"))
    connection.autocommit = True
    return connection


def beside(database: str, name: str) -> str:
    """The address of another database of the same server."""
    before, mark, options = database.partition("?")
    return f"{before.rpartition('/')[0]}/{name}{mark}{options}"


@contextmanager
def empty_database(cluster: str) -> Iterator[str]:
    name = f"cairn_{secrets.token_hex(4)}"
    with closing(connected(cluster)) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield beside(cluster, name)
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
