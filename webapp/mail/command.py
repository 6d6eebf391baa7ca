"""`flask mail-test`."""

import click
from flask.cli import with_appcontext

from webapp.mail.headers import NoAddress
from webapp.mail.letters import send_test
from webapp.mail.office import office
from webapp.mail.smtp import Deferred, Refused


@click.command("mail-test")
@click.argument("address")
@with_appcontext
def mail_test(address: str) -> None:
    """Send a mail to ADDRESS at once, and print what the server answers."""
    here = office()
    if here.server is not None:
        click.echo(f"{here.server.host}:{here.server.port}, from {here.sender.address}:")
    try:
        click.echo(send_test(address))
    except (Refused, Deferred, NoAddress) as error:
        raise click.ClickException(str(error)) from None
