"""`flask settings`."""

import click
from flask.cli import with_appcontext

from webapp.administration import settings as administration
from webapp.config import stored

NAME = click.argument("name", type=click.Choice(stored.CHANGEABLE, case_sensitive=False))


@click.group("settings", invoke_without_command=True)
@click.pass_context
def settings(context: click.Context) -> None:
    """What can be changed while Cairn runs: say it, and change it. What the environment says wins."""
    if context.invoked_subcommand is None:
        context.invoke(say)


@settings.command("list")
@with_appcontext
def say() -> None:
    """Say each setting with its value, and where that was said."""
    administration.read()
    for one in administration.listed():
        click.echo(f"{one.name}={'' if one.value is None else one.value}  ({one.origin})")


@settings.command("set")
@NAME
@click.argument("value")
@with_appcontext
def put(name: str, value: str) -> None:
    """Change one. Every process has it with its next request."""
    administration.put({name.lower(): value})
    click.echo(f"{name.upper()} is {value} now.")


@settings.command("unset")
@NAME
@with_appcontext
def drop(name: str) -> None:
    """Take back what was changed: it is what it usually is."""
    administration.put({name.lower(): None})
    click.echo(f"{name.upper()} is what it usually is.")
