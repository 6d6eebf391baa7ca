"""Making an archive, while others work: one moment of the database, and the files that its rows name then."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import IO, Any

from webapp.backups import files, locking, manifest, places, tables
from webapp.backups.container import Writer
from webapp.backups.ending import finally_doing
from webapp.backups.manifest import Manifest
from webapp.backups.places import AnyHeld
from webapp.backups.rows import Gathering
from webapp.db import at_length, db


def make(path: Path) -> Manifest:
    """Write an archive to this place: under another name, until it is whole and safely on the disk."""
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    own = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
    with finally_doing(partial(draft.unlink, missing_ok=True)):
        with _named(path), os.fdopen(own, "wb") as file:
            told = _write(file)
            files.synced(file)
        draft.replace(path)
        files.sync_folder(path.parent)
    return told


def send(file: IO[bytes]) -> Manifest:
    """Write an archive to whatever takes bytes."""
    with _named("standard output"):
        return _write(file)


def _write(file: IO[bytes]) -> Manifest:
    with locking.writing(file) as taken, _moment() as (connection, held):
        told = _told(connection, held)
        archive = Writer(taken)
        content = told.model_dump_json().encode()
        archive.add(manifest.NAME, len(content), [content])
        for table in told.tables:
            gathering = Gathering(archive, table.name)
            tables.copy_out(connection, table, gathering.add)
            gathering.flush()
        for name, size, chunks in held:
            archive.add(name, size, chunks)
        archive.close()
    return told


@contextmanager
def _named(place: Path | str) -> Iterator[None]:
    """A disk that is full does not say for what."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(place)
        raise


@contextmanager
def _moment() -> Iterator[tuple[Any, AnyHeld]]:
    """A moment of the database, with all files that its rows name.

    One that somebody deletes between the look at the rows and the hold on the file is in neither at the next try; one
    that is lacking again is lost.
    """
    lacking: set[str] = set()
    with places.holding() as hold:
        while True:
            with at_length(db.engine.engine) as connection:
                tables.freeze(connection)
                with hold(tables.files(connection)) as held:
                    if lacking >= set(held.lost):
                        yield connection, held
                        return
                    lacking = set(held.lost)


def _told(connection: Any, held: AnyHeld) -> Manifest:
    revision, installation, now = tables.marks(connection)
    return Manifest(
        revision=revision,
        installation=installation,
        made_at=now,
        tables=tables.counted(connection),
        sequences=tables.sequences(connection),
        files=len(held),
        lost=sorted(held.lost),
    )
