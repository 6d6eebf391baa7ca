"""Making an installation of an archive: all of it, or nothing."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO, Any, cast

from webapp import migrations
from webapp.backups import checking, locking, places, tables
from webapp.backups.container import Member, members
from webapp.backups.errors import BrokenBackup
from webapp.backups.manifest import Manifest, Table, file_of, table_of
from webapp.backups.places import AnyBrought
from webapp.backups.rows import Lines, Tally
from webapp.db import at_length, db
from webapp.stores.choosing import here
from webapp.stores.place import Place


@dataclass(slots=True)
class Restored:
    """What was restored, how many seconds each part took, and tables that are not Cairn's and were left out."""

    manifest: Manifest
    took: dict[str, float] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.took[part] = time.perf_counter() - began


def restore(path: Path) -> Restored:
    """Fill an empty installation. Raises BrokenBackup, or Conflict if it is not empty; then nothing has changed."""
    return restore_into(db.engine.engine, here(), path)


def restore_into(engine: Any, place: Place, path: Path) -> Restored:
    """Fill the database behind an engine, and a place for files.

    The file is read twice, and looked through both times: the second look ends before the commit.
    """
    with path.open("rb") as given:
        if not given.seekable():
            raise BrokenBackup(f"{path} can be read only once, and a backup is read twice. Put it into a file first.")
        file = locking.reading(given)
        began = time.perf_counter()
        restored = Restored(checking.check(file))
        restored.took["reading it through"] = time.perf_counter() - began
        with places.bringing(place) as brought, at_length(engine) as connection:
            _fill(connection, brought, file, restored)
        restored.took["all of it"] = time.perf_counter() - began
    return restored


def _fill(connection: Any, brought: AnyBrought, file: IO[bytes], restored: Restored) -> None:
    told = restored.manifest
    tables.be_patient(connection)
    tables.require_nobody(connection)
    with restored.timed("its schema"):
        migrations.move(connection, told.revision)
        tables.require_nobody(connection)  # somebody else may have made the tables first, and an account
        fits = tables.fitting(connection, told.tables)
    restored.left_out = sorted({table.name for table in told.tables} - {table.name for table in fits})
    with tables.emptied(connection, fits):
        with restored.timed("rows and files"):
            tallies = _bring(connection, brought, file, fits)
        began = time.perf_counter()
    restored.took["references"] = time.perf_counter() - began
    with restored.timed("comparing"):
        _compare(connection, fits, tallies)
    tables.go_on_from(connection, told.sequences)
    with restored.timed("migrations"):
        migrations.move(connection, "head")
    brought.place(told.installation)


def _bring(connection: Any, brought: AnyBrought, file: IO[bytes], fits: list[Table]) -> Mapping[str, Tally]:
    """Read the archive into tables and files; answers what the rows of each table add up to."""
    known = {table.name: table for table in fits}
    tallies = {name: Tally() for name in known}
    rest = members(file)
    checking.read_manifest(next(rest))
    for table, group in groupby(rest, lambda member: table_of(member.name)):
        if table is None:
            _bring_files(brought, group)
        elif table in known:
            lines = Lines(group, tallies[table].add)
            tables.copy_in(connection, known[table], cast("IO[bytes]", lines))
    return tallies


def _bring_files(brought: AnyBrought, group: Iterator[Member]) -> None:
    for member in group:
        if place := file_of(member.name):
            brought.add(*place, member)


def _compare(connection: Any, fits: list[Table], tallies: Mapping[str, Tally]) -> None:
    """Raises BrokenBackup if the database gives other rows back than it was given."""
    for table in fits:
        if _tally(connection, table) != tallies[table.name]:
            raise BrokenBackup(f"The table {table.name} is not as it was in the backup. Nothing was changed.")


def _tally(connection: Any, table: Table) -> Tally:
    tally = Tally()
    tables.copy_out(connection, table, tally.add)
    return tally
