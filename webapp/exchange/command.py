"""`flask import FORMAT FILE --project KEY`."""

import click


@click.group("import")
def importing() -> None:
    """Import another tracker's export."""
