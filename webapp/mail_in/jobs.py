"""What the worker does with mail that came in."""

from webapp.jobs.tasks import periodic, task
from webapp.mail_in import service, taking


@task("take_mail")
def take_mail(id: int) -> None:
    """Make of a mail what it is meant for."""
    taking.take(id)


@periodic("clear_incoming_mails", every=86_400)
def clear_incoming_mails() -> None:
    """Forget what came long ago."""
    while service.clear():
        pass
