"""`flask backup FILE` and `flask restore FILE`."""

import sys
import time
from pathlib import Path

import click
from flask.cli import with_appcontext

from webapp.backups import service as backups
from webapp.backups.manifest import Manifest

MIB = 1024 * 1024
SHOWN = 10


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write all of this installation, database and files, into one FILE (- for standard output), while it runs.

    SECRET_KEY, PASSWORD_PEPPER and the other settings are not in it.
    """
    began = time.perf_counter()
    if str(file) == "-":
        if sys.stdout.isatty():
            raise click.UsageError("An archive is nothing for a terminal. Send it into a file or a program.")
        told, size = backups.send(sys.stdout.buffer), ""
    else:
        told = backups.make(file)
        size = f", {file.stat().st_size / MIB:.1f} MiB"
    _tell_lost(told)
    click.echo(f"Backed up: {_what(told)}{size}, in {time.perf_counter() - began:.1f} s.", err=not size)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rehearse", is_flag=True, help="Restore beside what is in use, compare, and throw it away.")
@with_appcontext
def restore(file: Path, *, rehearse: bool) -> None:
    """Make an empty installation what it was when FILE was written. One that is not empty is refused.

    Whatever is wrong, nothing is changed.
    """
    restored = backups.rehearse(file) if rehearse else backups.restore(file)
    told = restored.manifest
    _tell_lost(told)
    for name in restored.left_out:
        click.echo(f"cairn: the table {name} is none of Cairn's, and was left out", err=True)
    for part, seconds in restored.took.items():
        click.echo(f"{seconds:8.1f} s  {part}")
    made = f"{told.made_at:%Y-%m-%d %H:%M} UTC, migration {told.revision}"
    if rehearse:
        click.echo(f"It can be restored: {_what(told)}, of {made}. Nothing of the rehearsal is left.")
    else:
        click.echo(f"Restored: {_what(told)}, of {made}. Start Cairn with the same SECRET_KEY and PASSWORD_PEPPER.")


def _what(told: Manifest) -> str:
    return f"{told.rows:,} rows of {len(told.tables)} tables, {told.files:,} files"


def _tell_lost(told: Manifest) -> None:
    """Files that rows name, and that were not there when the backup was made."""
    if told.lost:
        names = ", ".join(told.lost[:SHOWN]) + (" …" if len(told.lost) > SHOWN else "")
        click.echo(f"cairn: {len(told.lost):,} files were lost before: {names}", err=True)
