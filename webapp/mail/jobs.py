"""What the worker does for mail."""

from datetime import datetime

from webapp import counting
from webapp.jobs.tasks import periodic, task
from webapp.mail import service as mail
from webapp.mail.delivering import deliver
from webapp.mail.rows import State
from webapp.mail.smtp import Deferred


def _give_up(id: int, due: str | None = None) -> None:
    if mail.give_up(id):
        counting.note_mail("out", State.FAILED)


def _revive(id: int, due: str | None = None) -> None:
    mail.revive(id)


@task("send_mail", lane="mail", given_up=_give_up, revived=_revive)
def send_mail(id: int, due: str | None = None) -> None:
    """Send a mail, if it still waits. Raises Deferred if it was not taken; then it is tried again.

    `due` is when it was to be sent as the job was written; further events may have put it off since.
    """
    found = mail.take(id, datetime.fromisoformat(due) if due else None)
    if found is None:
        return
    if found.is_early:
        mail.come_back(found)
        return
    try:
        state, answer = deliver(found)
    except Deferred as deferred:
        mail.note(found, str(deferred))
        raise
    mail.finish(found, state, answer)
    counting.note_mail("out", state)


@periodic("clear_mails", every=86_400)
def clear_mails() -> None:
    """Forget old mails."""
    while mail.clear():
        pass
