"""`flask deactivate`, `flask activate`, `flask admin`."""

import click
from flask.cli import with_appcontext

from webapp.auth import standing
from webapp.auth.schemas import as_registered
from webapp.profiles import service as profiles


@click.command()
@click.argument("email")
@with_appcontext
def deactivate(email: str) -> None:
    """Let somebody log in no longer, and end all their logins and tokens. What they wrote stays."""
    person = standing.deactivate(as_registered(email))
    click.echo(f"{person.name} cannot log in any more. All their logins, refresh and feed tokens are ended.")
    if keys := profiles.owned_alone(person.id):
        click.echo(f"Only administrators act as owners now in: {', '.join(keys)}")


@click.command()
@click.argument("email")
@with_appcontext
def activate(email: str) -> None:
    """Let somebody who was deactivated log in again."""
    click.echo(f"{standing.activate(as_registered(email)).name} can log in again.")


@click.command()
@click.argument("email")
@click.option("--revoke", is_flag=True, help="Take it back instead.")
@with_appcontext
def admin(email: str, revoke: bool) -> None:
    """Make somebody an administrator, who acts as an owner of every project."""
    if revoke:
        click.echo(f"{standing.unmake_administrator(as_registered(email)).name} is no administrator any more.")
    else:
        click.echo(f"{standing.make_administrator(as_registered(email)).name} is an administrator now.")
