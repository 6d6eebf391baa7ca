"""`flask check`."""

import json

import click
from flask.cli import with_appcontext

from webapp.ops import service as ops
from webapp.ops.checking import Level


@click.command("check")
@click.option("--deploy", is_flag=True, help="Also what should not be so where others use Cairn.")
@click.option("--skip", multiple=True, metavar="CODE", help="A finding that you know of; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="One finding a line, as JSON.")
@with_appcontext
def check(deploy: bool, skip: tuple[str, ...], as_json: bool) -> None:
    """Say what is wrong with this installation; status 1 if something is dangerous.

    Without --deploy: whether the settings can be read, and the database and the files are those that this code needs.
    """
    found = [one for one in ops.check(deploy=deploy) if one.code not in skip]
    for one in found:
        line = {"level": one.level, "code": one.code, "said": one.said}
        click.echo(json.dumps(line) if as_json else f"{one.level} ({one.code}): {one.said}")
    if not found and not as_json:
        click.echo("All is well.")
    if any(one.level == Level.ERROR for one in found):
        raise SystemExit(1)
