"""`flask import FORMAT FILE --project KEY`."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from webapp.errors import CairnError
from webapp.exchange import github
from webapp.exchange import service as exchange
from webapp.exchange.records import Archive, BrokenRecord


@click.group("import")
def importing() -> None:
    """Import another tracker's export. A second run adds only what is new."""


def _key(context: click.Context, option: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,9}", value):
        raise click.BadParameter("is two to ten letters and digits, a letter first.")
    return value.upper()


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every format takes."""
    exists = click.Path(exists=True, path_type=Path)
    for decorate in (
        click.option("--owner", metavar="EMAIL", help="Owner of a project that is made; else the first account."),
        click.option("--project", "key", required=True, callback=_key, help="Key; made if it is missing."),
        click.argument("file", type=exists),
    ):
        command = decorate(command)
    return with_appcontext(command)


@importing.command("github")
@_common
@click.option(
    "--pull-requests", type=click.Choice(["label", "skip"]), default="label", show_default=True,
    help="Import pull requests as issues with a label, or leave them out.",
)  # fmt: skip
def from_github(file: Path, key: str, owner: str | None, pull_requests: str) -> None:
    """GitHub: a list of issue objects, a folder or tar of them, or an IETF archive.json."""
    _bring_in(lambda: github.read(file, pull_requests=pull_requests == "label"), key, owner)


def _bring_in(read: Callable[[], Archive], key: str, owner: str | None) -> None:
    """Read and import, with a bar that moves; a fault leaves nothing behind and is told in one line."""
    began = time.perf_counter()
    try:
        archive = read()
        with click.progressbar(length=len(archive.issues), label=f"{len(archive.issues)} issues") as bar:
            report = exchange.bring_in(archive, key, owner, bar.update)
    except (BrokenRecord, CairnError) as error:
        click.echo(f"Nothing was imported. {error}", err=True)
        sys.exit(1)
    exchange.refresh_statistics()
    seconds = time.perf_counter() - began
    click.echo(
        f"{key}: {report.added} issues added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{report.kept} kept as edited here, {report.deleted} left out as deleted here; "
        f"{report.comments} comments added; {report.people} people. "
        f"{seconds:.1f} s, {len(archive.issues) / seconds:,.0f} issues a second."
    )
    for note in report.notes:
        click.echo(note)
