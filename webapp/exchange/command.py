"""`flask import FORMAT FILE --project KEY`."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext

from webapp.errors import CairnError
from webapp.exchange import github
from webapp.exchange import service as exchange
from webapp.exchange.ledger import COMMENTS, DELETED, EDITED, ISSUES, PEOPLE, PULLS, Ledger
from webapp.exchange.records import Archive, BrokenRecord
from webapp.faults import DBAPIError


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
    """Read and import, with a bar that moves; a fault is told in one line."""
    began = time.perf_counter()
    try:
        archive = read()
        with click.progressbar(length=len(archive.issues), label=f"{len(archive.issues)} issues") as bar:
            ledger = exchange.bring_in(archive, key, owner, bar.update)
    except (BrokenRecord, CairnError) as error:
        _stop(f"Nothing was imported. {error}")
    except DBAPIError as error:
        first = str(error.orig).splitlines()[0]
        _stop(f"The import stopped before its end: {first}. Start it again: it goes on where it stopped.")
    exchange.refresh_statistics()
    _tell(key, ledger, time.perf_counter() - began)


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


def _tell(key: str, ledger: Ledger, seconds: float) -> None:
    both = (ISSUES, PULLS)
    click.echo(
        f"{key}: {ledger.of(ledger.added, *both)} issues added, {ledger.of(ledger.changed, *both)} changed, "
        f"{ledger.of(ledger.as_before, *both)} unchanged, {ledger.left_for(EDITED, *both)} kept as edited here, "
        f"{ledger.left_for(DELETED, *both)} left out as deleted here; {ledger.added[COMMENTS]} comments added; "
        f"{ledger.read[PEOPLE]} people. "
        f"{seconds:.1f} s, {ledger.of(ledger.read, *both) / seconds:,.0f} issues a second."
    )
    for line in ledger.table():
        click.echo(line)
