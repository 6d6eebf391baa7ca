"""`flask reset-factors`."""

import click
from flask.cli import with_appcontext

from webapp.auth.schemas import as_registered
from webapp.factors import service as factors


@click.command("reset-factors")
@click.argument("email")
@with_appcontext
def reset_factors(email: str) -> None:
    """Take away the second factor of somebody who has lost it, and end all their logins. Be sure that it is them."""
    person = factors.reset(as_registered(email))
    click.echo(f"{person.name} logs in with the password alone again. All their logins are ended.")
