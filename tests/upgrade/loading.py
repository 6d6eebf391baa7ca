"""A tracker that was put away, loaded into a database as an operator loads a dump."""

import gzip
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.databases import connected, empty_database
from tests.upgrade.make import KEPT_BESIDE, RELEASES

Row = dict[str, Any]
Rows = dict[str, dict[str, Row]]
COLUMNS = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name
"""
KEY = """
    SELECT coalesce(string_agg(attname, ', ' ORDER BY attnum), '')
    FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
    WHERE indrelid = %s::regclass AND indisprimary
"""


@dataclass(frozen=True)
class Release:
    """What lies in a folder of `releases`."""

    folder: Path

    @property
    def told(self) -> Any:
        return json.loads(gzip.decompress((self.folder / "told.json.gz").read_bytes()))

    def load(self, database: str) -> None:
        script = gzip.decompress((self.folder / "dump.sql.gz").read_bytes()).decode()
        with closing(connected(database)) as connection, connection.cursor() as cursor:
            cursor.execute(script)

    def unpack(self, data: Path) -> Path:
        """The data folder that was beside it: files, and the key that it had made itself."""
        for name in KEPT_BESIDE:
            there = self.folder / name
            if there.is_dir():
                shutil.copytree(there, data / name)
            elif there.exists():
                shutil.copy(there, data / name)
        return data


def is_whole() -> bool:
    """Whether all was asked for, not what a plain run has time for."""
    return "CAIRN_UPGRADE" in os.environ


def releases() -> list[Release]:
    """All that were put away, the oldest first."""
    return sorted((Release(path) for path in RELEASES.iterdir()), key=lambda one: str(one.told["migration"]))


@contextmanager
def loaded(release: Release, cluster: str) -> Iterator[str]:
    """A database of its own on that server, as the old version left it."""
    with empty_database(cluster) as address:
        release.load(address)
        yield address


def rows(database: str) -> Rows:
    """All rows of all tables, by the values of their primary keys."""
    found: Rows = {}
    with closing(connected(database)) as connection, connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for (table,) in cursor.fetchall():
            cursor.execute(KEY, [table])
            key = cursor.fetchone()[0].split(", ")
            cursor.execute(f'SELECT to_jsonb(one) FROM "{table}" AS one')
            every = [row for (row,) in cursor]
            found[table] = {json.dumps([row.get(part) for part in key]): row for row in every}
            assert len(found[table]) == len(every), f"{table} has no primary key"
    return found
