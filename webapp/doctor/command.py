"""`flask doctor`."""

import json
import textwrap

import click
from flask.cli import with_appcontext

from webapp.doctor import service as doctor


@click.command("doctor")
@click.option("--skip", multiple=True, metavar="CODE", help="A finding that you know of; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="One finding a line, as JSON.")
@with_appcontext
def looking(skip: tuple[str, ...], as_json: bool) -> None:
    """Say what is wrong with this installation as it runs, what that means, and what to do about it.

    It looks at the database, the worker, folders and disks, backups, the mail server and the public address; it sends
    nothing and changes nothing. Status 0: all is well. 1: something is to be done. 2: the settings cannot be read.
    """
    found = [one for one in doctor.look() if one.code not in skip]
    for one in found:
        line = {"level": one.level, "code": one.code, "said": one.said}
        click.echo(json.dumps(line) if as_json else f"{_paragraph(f'{one.level} ({one.code}): {one.said}')}\n")
    if not found and not as_json:
        click.echo("All is well.")
    if found:
        raise SystemExit(1)


def _paragraph(said: str) -> str:
    """In lines of a terminal; addresses and names stay whole."""
    return textwrap.fill(said, 100, break_long_words=False, break_on_hyphens=False)
