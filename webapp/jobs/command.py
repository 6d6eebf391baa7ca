"""`flask worker` and `flask jobs`."""

import os
import signal
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from gunicorn.reloader import reloader_engines

from webapp import connections
from webapp.errors import NotFound
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
    if os.environ.get("CAIRN_RELOAD") == "1":  # as the server: whoever has started it starts it anew
        reloader_engines["auto"](callback=doing.leave).start()
    click.echo("The worker is ready.")
    doing.run()


@click.group(invoke_without_command=True)
@click.option("--dead", is_flag=True, help="Only those that were given up.")
@click.pass_context
def jobs(context: click.Context, *, dead: bool) -> None:
    """List jobs that are not done, the newest first; or try some again."""
    if context.invoked_subcommand is None and isinstance(context.command, click.Group):
        context.invoke(context.command.commands["list"], dead=dead)


@jobs.command("list")
@click.option("--dead", is_flag=True, help="Only those that were given up.")
@with_appcontext
def listing(*, dead: bool) -> None:
    """List jobs that are not done, the newest first."""
    for job in service.newest("dead" if dead else None):
        click.echo(f"{job.id:>8}  {job.state:<7}  {job.tries}/{job.attempts}  {job.task}  {job.args}")


@jobs.command()
@click.argument("job")
@with_appcontext
def retry(job: str) -> None:
    """Try a job again that was given up, by its number, or all of them."""
    if job != "all" and not job.isdecimal():
        raise click.BadParameter("must be the number of a job, or all")
    number = service.again(None if job == "all" else [int(job)])
    if job != "all" and not number:
        raise NotFound(f"Nothing was given up under the number {job}. See `flask jobs --dead`.")
    click.echo(f"{number:,} job{' is' if number == 1 else 's are'} tried again.")
