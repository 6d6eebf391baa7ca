"""`flask worker` and `flask jobs`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.jobs import service
from webapp.jobs import worker as working


@click.command()
@click.option("--once", is_flag=True, required=True, help="End when nothing is due any more.")
@with_appcontext
def worker(*, once: bool) -> None:
    """Do what is to be done after changes."""
    done = working.drain(current_app._get_current_object(), strict=False)  # type: ignore[attr-defined]
    click.echo(f"{len(done)} jobs done.")


@click.command()
@click.option("--dead", is_flag=True, help="Only those that were given up.")
@with_appcontext
def jobs(*, dead: bool) -> None:
    """List jobs that are not done, the newest first."""
    for job in service.listed("dead" if dead else None):
        click.echo(f"{job.id:>8}  {job.state:<7}  {job.tries}/{job.attempts}  {job.task}  {job.args}")
