"""Commands of the `flask` program beside the server: first start, people, import."""

import os

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from webapp import migrations
from webapp.access import Role
from webapp.administration.command import settings
from webapp.attachments import ownership
from webapp.attachments.command import claim_files, clean_files
from webapp.attachments.command import files as moving
from webapp.auth import changing, making
from webapp.auth.schemas import RegisterIn
from webapp.backups.command import backup, restore
from webapp.commands import plain
from webapp.directory.command import ldap_check
from webapp.doctor.command import looking
from webapp.documents import service as documents
from webapp.documents.command import reindex
from webapp.exchange.command import importing
from webapp.factors import service as factors
from webapp.factors.command import reset_factors
from webapp.faults import DBAPIError
from webapp.issues import catching_up
from webapp.jobs.command import jobs, worker
from webapp.mail.command import mail_test
from webapp.mail_in.command import mail_in
from webapp.members import inviting
from webapp.members.rows import MemberRow
from webapp.members.schemas import MemberIn
from webapp.ops import service as ops
from webapp.ops.command import check
from webapp.profiles.command import activate, admin, deactivate
from webapp.trash import service as trash


def init_app(app: Flask) -> None:
    for command in (prepare, restore, looking):
        app.cli.add_command(plain(command, on_any_database=True))
    people = (create_user, password, deactivate, activate, admin, reset_factors, invite)
    files = (clean_files, claim_files, moving)
    own = (backup, check, reindex, worker, jobs, mail_test, mail_in, ldap_check, settings)
    for command in (demo, *people, importing, clean_trash, *files, *own):
        app.cli.add_command(plain(command))
    if os.environ.get("FLASK_RUN_FROM_CLI"):
        migrations.init_app(app)


@click.command()
@with_appcontext
def prepare() -> None:
    """Bring the database up to date; on the very first start in development, make a demo account.

    A folder of files that is not the database's is told, and does not stop the start.
    """
    migrations.upgrade()
    _catch_up()
    factors.reseal()
    if not current_app.config["SETTINGS"].is_production and (secret := ops.first_start()):
        _tell_demo(secret)
    if reason := ownership.trouble():
        click.echo(f"cairn: {reason}", err=True)


@click.command()
@with_appcontext
def demo() -> None:
    """Make the demo account and its project, and print the login."""
    _tell_demo(ops.demo())


@click.command("create-user")
@click.option("--name", prompt=True)
@click.option("--email", prompt=True)
@click.password_option()
@with_appcontext
def create_user(name: str, email: str, password: str) -> None:
    """Make an account, also where registration is closed."""
    person = making.register(RegisterIn(name=name, email=email, password=password))
    click.echo(f"Created {person.name} <{person.email}> as number {person.id}.")


@click.command("password")
@click.argument("email")
@click.password_option()
@with_appcontext
def password(email: str, password: str) -> None:
    """Set somebody's password and end all their logins."""
    changing.set_password(email, password)
    click.echo(f"{email} has a new password. All their logins are ended.")


@click.command("clean-trash")
@with_appcontext
def clean_trash() -> None:
    """Delete for good what has been in the trash for more than 30 days."""
    total = 0
    while number := trash.purge():
        total += number
    click.echo(f"Deleted {total} from the trash.")


@click.command("invite")
@click.argument("project")
@click.argument("email")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.MEMBER.value, show_default=True
)
@with_appcontext
def invite(project: str, email: str, role: str) -> None:
    """Let somebody into a project: whoever has an account at once, others by the link that is printed."""
    added = inviting.add_for_owner(project, MemberIn(email=email, role=Role(role)))
    if isinstance(added, MemberRow):
        click.echo(f"{added.user.name} is a {added.role} of {project.upper()} now.")
    elif added.link is None:
        click.echo(f"An invitation goes to {added.email}. The link in it works once, for 14 days.")
    else:
        click.echo(f"{email} has no account here yet. For 14 days, this link lets its holder in, once:")
        click.echo(f"{current_app.config['SETTINGS'].address}{added.link}")


def _catch_up() -> None:
    """Write anew what a migration asked for, a part at a time; what is left waits for the next start."""
    try:
        if ties := catching_up.catch_up():
            click.echo(f"cairn: put {ties} labels of issues in the order of lists.", err=True)
        if number := documents.catch_up():
            click.echo(f"cairn: wrote the words of {number} issues anew for search.", err=True)
    except DBAPIError as error:
        click.echo(f"cairn: not all is written anew yet: {error.orig}. The next start goes on.", err=True)


def _tell_demo(secret: str) -> None:
    click.echo(f"A demo project is there. Log in as {ops.DEMO_EMAIL} with the password {secret}")
