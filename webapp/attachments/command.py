"""`flask clean-files`."""

import click
from flask.cli import with_appcontext

from webapp.attachments import service as attachments


@click.command("clean-files")
@with_appcontext
def clean_files() -> None:
    """Delete uploaded files that no issue or comment has. Cairn does so by itself, bit by bit."""
    click.echo(f"{attachments.sweep()} files deleted.")
