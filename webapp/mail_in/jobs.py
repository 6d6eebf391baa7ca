"""What the worker does with mail that came in."""

from webapp.http.words import words
from webapp.jobs import beside
from webapp.jobs.tasks import periodic, task
from webapp.mail_in import listening, service, taking

beside.begins(listening.begin)


@task("take_mail", lane="mail_in", given_up=taking.give_up, revived=taking.revive)
def take_mail(id: int) -> None:
    """Make of a mail what it is meant for."""
    taking.take(id, words)


@periodic("clear_incoming_mails", every=86_400)
def clear_incoming_mails() -> None:
    """Forget what came long ago."""
    while service.clear():
        pass
