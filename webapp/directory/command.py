"""`flask ldap-check`."""

import click
from flask.cli import with_appcontext


@click.command("ldap-check")
@click.argument("login")
@with_appcontext
def ldap_check(login: str) -> None:
    """Say what the directory knows of LOGIN, and what Cairn makes of that. No password is needed."""
    from webapp.directory import trying  # only here: servers load the commands, too

    for line in trying.told(login):
        click.echo(line)
