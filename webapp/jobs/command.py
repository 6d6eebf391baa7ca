"""`flask worker` and `flask jobs`."""

import signal
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp import connections
from webapp.jobs import service
from webapp.jobs import worker as working


@click.command()
@click.option("--once", is_flag=True, help="End when nothing is due any more.")
@with_appcontext
def worker(*, once: bool) -> None:
    """Do what is to be done after changes, until it is told to stop (SIGTERM): then what is begun is finished."""
    app: Any = current_app
    app = app._get_current_object()
    if once:
        click.echo(f"{len(working.drain(app, strict=False))} jobs done.")
        return
    connections.begin_watch()
    doing = working.Worker(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, doing.leave)
    click.echo("The worker is ready.")
    doing.run()


@click.command()
@click.option("--dead", is_flag=True, help="Only those that were given up.")
@with_appcontext
def jobs(*, dead: bool) -> None:
    """List jobs that are not done, the newest first."""
    for job in service.listed("dead" if dead else None):
        click.echo(f"{job.id:>8}  {job.state:<7}  {job.tries}/{job.attempts}  {job.task}  {job.args}")
