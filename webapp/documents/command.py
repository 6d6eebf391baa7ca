"""`flask reindex`."""

import click
from flask.cli import with_appcontext

from webapp.documents import service as documents


@click.command()
@with_appcontext
def reindex() -> None:
    """Write the documents of full text anew. Never needed, but for those who changed tables by hand."""
    click.echo(f"Wrote the documents of {documents.rewrite()} issues.")
