from collections.abc import Callable
from datetime import timedelta

from webapp.access import Viewer
from webapp.db import is_changing, together
from webapp.errors import CairnError, Conflict, Invalid
from webapp.faults import OperationalError, state
from webapp.i18n import _
from webapp.idempotency import repository

KEPT = timedelta(hours=24)
LOCK_TIMEOUT = "55P03"
ANSWERED = ("status", "location", "body")


# How a request was answered: its status, where the new thing is, what was said of it.
Answer = tuple[int, str, str]


class _DoneBefore(Exception):
    """There is an answer under this key."""


def once(by: Viewer, key: str, fingerprint: bytes, act: Callable[[], Answer | None]) -> Answer | None:
    """Act, unless that was done under this key: then the answer that was given; None if `act` was done now.

    The key is written in the transaction of the act itself, which it begins, so that both stand or neither does:
    after a refusal or a crash the key is free. An act that answers None is not remembered.
    Raises Invalid for a key of another request, Conflict while the first one is still being carried out.
    """
    try:
        with together(lambda: _take(by, key, fingerprint)):
            answer = act()
            if is_changing():
                _remember(by, key, answer)
            return None
    except _DoneBefore:
        known = repository.answered(by.id, key)
        if known is None:
            raise Conflict(_("The same request was just undone. Send it again.")) from None
    except CairnError:  # perhaps only because it was carried out before
        known = repository.answered(by.id, key)
        if known is None:
            raise
    if known.fingerprint != fingerprint:
        raise Invalid.on("", _("This Idempotency-Key belongs to another request. Use a new one for each."))
    return known.status, known.location, known.body


def forget_answer(user_id: int, address: str, made: int) -> None:
    """Forget what was answered when somebody made the thing with this id, at an address with this part.

    That it was made stays known: the same request does not make it again.
    """
    repository.empty(user_id, address, f'{{"id":{made},')


def _remember(by: Viewer, key: str, answer: Answer | None) -> None:
    if answer is None:
        repository.forget(by.id, key)
    else:
        repository.finish(by.id, key, dict(zip(ANSWERED, answer, strict=True)), KEPT)


def _take(by: Viewer, key: str, fingerprint: bytes) -> None:
    try:
        if not repository.take(by.id, key, fingerprint):
            raise _DoneBefore()
    except OperationalError as error:
        if state(error) != LOCK_TIMEOUT:
            raise
        raise Conflict(_("The first request with this Idempotency-Key is still being carried out.")) from error
