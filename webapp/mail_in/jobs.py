"""What the worker does with mail that came in."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from webapp.http.words import words
from webapp.jobs import beside
from webapp.jobs.tasks import periodic, task
from webapp.mail_in import addresses, service, taking

if TYPE_CHECKING:
    from flask import Flask


def listen(app: "Flask") -> Callable[[], None]:
    """Begin to listen, if the settings say where; answers what ends it."""
    place = addresses.inlet().listens
    if place is None:
        return lambda: None
    from webapp.mail_in.listening import Listener  # only here: few listen, and none that answers requests

    listener = Listener(app, *place)
    listener.start()
    return listener.leave


beside.begins(listen)


@task("take_mail", lane="mail_in", given_up=taking.give_up, revived=taking.revive)
def take_mail(id: int) -> None:
    """Make of a mail what it is meant for."""
    taking.take(id, words)


@periodic("clear_incoming_mails", every=86_400)
def clear_incoming_mails() -> None:
    """Forget what came long ago."""
    while service.clear():
        pass
