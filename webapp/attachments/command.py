"""`flask clean-files` and `flask claim-files`."""

import click
from flask.cli import with_appcontext

from webapp.attachments import ownership
from webapp.attachments import service as attachments


@click.command("clean-files")
@click.option("--anyway", is_flag=True, help="Also if it would be more than a tenth of all files.")
@with_appcontext
def clean_files(*, anyway: bool) -> None:
    """Put uploaded files that nothing has any more into the trash. Cairn does so by itself, bit by bit.

    They rest in files/trash for 30 days, and are deleted then.
    """
    if reason := ownership.trouble():
        raise click.ClickException(reason)
    click.echo(f"{attachments.sweep(anyway=anyway)} files put into the trash.")


@click.command("claim-files")
@with_appcontext
def claim_files() -> None:
    """Say that the files in CAIRN_DATA belong to this database, whatever they belonged to before."""
    ownership.take_over()
    click.echo("The files are this database's now. Those that it does not know will go into files/trash.")
