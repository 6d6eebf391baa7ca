"""`flask clean-files`, `flask claim-files` and `flask files copy`."""

import time
from collections import Counter

import click
from flask.cli import AppGroup, with_appcontext

from webapp.attachments import ownership
from webapp.attachments import service as attachments
from webapp.stores import choosing, copying
from webapp.stores.copying import Outcome

MIB = 1024 * 1024
# How often a long copy says how far it is.
TOLD = 10.0


@click.command("clean-files")
@click.option("--anyway", is_flag=True, help="Also if it would be more than a tenth of all files.")
@with_appcontext
def clean_files(*, anyway: bool) -> None:
    """Put uploaded files that nothing has any more into the trash. Cairn does so by itself, bit by bit.

    They rest in trash/ beside the others for 30 days, and are deleted then.
    """
    if reason := ownership.trouble():
        raise click.ClickException(reason)
    click.echo(f"{attachments.sweep(anyway=anyway)} files put into the trash.")


@click.command("claim-files")
@with_appcontext
def claim_files() -> None:
    """Say that the files in CAIRN_DATA or FILES_URL belong to this database, whatever they belonged to before."""
    ownership.take_over()
    click.echo("The files are this database's now. Those that it does not know will go into trash/ beside them.")


files = AppGroup("files", help="Move uploaded files between folders and buckets.")


@files.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy all uploaded files FROM one place TO another: a folder, as instance/files, or a bucket, as in FILES_URL.

    It may be broken off and begun again, and Cairn may run meanwhile; nothing is deleted. Each file is read back and
    compared. Set FILES_URL afterwards, and copy once more what came in meanwhile.
    """
    count, size, began = Counter[Outcome](), 0, time.monotonic()
    told = began
    for done in copying.copied(choosing.named(source), choosing.named(target), ownership.own()):
        count[done.outcome] += 1
        size += done.size if done.outcome == Outcome.COPIED else 0
        if done.outcome == Outcome.DIFFERENT:
            click.echo(f"cairn: {done.key}: {done.outcome}", err=True)
        if time.monotonic() - told > TOLD:
            told = time.monotonic()
            click.echo(f"{count.total():,} files so far, {size / MIB:,.1f} MiB copied", err=True)
    parts = ", ".join(f"{count[one]:,} {one}" for one in Outcome if count[one] or one == Outcome.COPIED)
    click.echo(f"{parts}. {size / MIB:,.1f} MiB in {time.monotonic() - began:.1f} s.")
    if count[Outcome.DIFFERENT]:
        raise click.ClickException("Some files are not the same. Copy once more.")
