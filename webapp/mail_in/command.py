"""`flask mail-in`."""

import sys

import click
from flask.cli import with_appcontext

from webapp.errors import CairnError
from webapp.faults import DBAPIError
from webapp.mail_in import heads, service
from webapp.mail_in.parsing import Unreadable, parsed
from webapp.mail_in.service import NoSuchAddress, TooLong

# What mail servers understand, by sysexits.h.
NO_MAIL, LATER = 65, 75
NAMES = ("x-original-to", "delivered-to", "envelope-to", "to", "cc")


@click.command("mail-in")
@click.option("--to", "recipient", help="The address that it was sent to; else it is looked for in the mail.")
@with_appcontext
def mail_in(recipient: str | None) -> None:
    """Take a mail from standard input. Ends with 0, with 65 if it is not taken, with 75 if it is to be sent again."""
    source = _without_envelope(sys.stdin.buffer.read(service.most() + 1))
    try:
        _receive(source, [recipient] if recipient else _recipients(source))
    except (NoSuchAddress, TooLong, Unreadable) as error:
        click.echo(f"cairn: {error}", err=True)
        raise SystemExit(NO_MAIL) from None
    except (DBAPIError, CairnError, OSError) as error:
        click.echo(f"cairn: the mail cannot be taken now: {type(error).__name__}", err=True)
        raise SystemExit(LATER) from None


def _receive(source: bytes, recipients: list[str]) -> None:
    """Take it for the first address that is ours."""
    for number, one in enumerate(recipients, 1):
        try:
            service.receive(source, one)
            return
        except NoSuchAddress:
            if number == len(recipients):
                raise
    raise NoSuchAddress("The mail does not say to whom it was sent. Name the address by --to.")


def _recipients(source: bytes) -> list[str]:
    return heads.addresses(parsed(source), *NAMES)


def _without_envelope(source: bytes) -> bytes:
    """Some servers put a line of their own before the mail, as in a mailbox."""
    return source.partition(b"\n")[2] if source.startswith(b"From ") else source
