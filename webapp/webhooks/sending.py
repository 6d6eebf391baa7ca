"""A delivery is sent: composed once, signed each time, tried again for a day. Its hook is switched off after days."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from webapp import clock, tracing
from webapp.db import transaction
from webapp.i18n import N_
from webapp.i18n.retelling import kept
from webapp.jobs import service as jobs
from webapp.jobs.tasks import DELAYS
from webapp.mail import service as mail
from webapp.models.webhooks import Outcome
from webapp.outside import asking
from webapp.outside.breaker import PAUSE, Breaker
from webapp.outside.guard import Refused
from webapp.webhooks import composing, deliveries, repository, signing
from webapp.webhooks.rows import Due, Hook
from webapp.webhooks.standing import standing

# How long a hook may fail before it is switched off, and how long one delivery waits for a host that does not answer.
PATIENCE = timedelta(days=5)
WAITING = timedelta(days=2)
# By so much of its age one waits longer for such a host: else thousands were looked at each minute, for two days.
LONGER = 0.1
GONE = 410
TASK = "deliver_webhook"
_breaker = Breaker()
REFUSED = kept(N_("The address %(why)s"))
ANSWERED = kept(N_("It answered %(status)s."))
ELSEWHERE = kept(
    N_("It answered %(status)s: it leads elsewhere, which is not followed. Enter the address where it leads.")
)
FAILED = kept(N_("It failed for five days. The last time: %(why)s"))
SILENT = kept(N_("%(host)s did not answer for two days."))


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try went: `seen` is the status and the headers of an answer, `why` what was wrong."""

    took: int
    seen: tuple[int, Mapping[str, str]] | None = None
    why: str | None = None


def send(delivery_id: int) -> None:
    """Send it if it still waits. One that is not taken comes again later."""
    due = deliveries.due(delivery_id)
    if due is None:
        return
    if due.change_id is not None and not due.hook.is_on:
        _drop(due, N_("The webhook was switched off meanwhile."))
        return
    body = _body(due)
    if body is None:
        _drop(due, N_("What it would have told is no longer there, or elsewhere."))
    elif not _breaker.lets(due.hook.host):
        _put_off(due)
    else:
        _keep(due, body)
        _note(due, _tried(due, body.encode()))


@transaction
def give_up(id: int) -> None:
    """Note that it is not tried any more: something here went wrong, again and again."""
    deliveries.turn(id, Outcome.WAITING, Outcome.FAILED, N_("Given up: something here went wrong."))


@transaction
def revive(id: int) -> None:
    """Note that what was given up is tried again."""
    deliveries.turn(id, Outcome.FAILED, Outcome.WAITING, None)


def enqueue(ids: list[int]) -> None:
    """Have these deliveries sent, once the transaction is committed."""
    now = clock.now()
    jobs.enqueue_all(TASK, [({"id": id}, f"webhook:{id}", now) for id in ids])


def _body(due: Due) -> str | None:
    """What it says: the same each time, but nothing once there is nothing left that may be told."""
    now = composing.body(due)
    return now if now is None or due.body is None else due.body


def _tried(due: Due, body: bytes) -> Tried:
    hook = due.hook
    began = time.monotonic()
    try:
        # By its name alone: before and behind that an address may hold what opens it.
        server = urlsplit(hook.url).hostname or ""
        with tracing.span("webhook", "CLIENT", server_address=server, cairn_delivery=due.id) as span:
            answer = asking.post(hook.url, body, _headers(due, body), standing().allowed)
            if span is not None:
                span.set_attribute("http.response.status_code", answer.status)
    except Refused as refusal:
        return Tried(_since(began), why=REFUSED % {"why": refusal})
    except asking.Failed as failed:
        _breaker.failed(hook.host)
        return Tried(_since(began), why=str(failed))
    _breaker.answered(hook.host)
    return Tried(_since(began), (answer.status, answer.headers), None if answer.is_yes else _no(answer.status))


def _headers(due: Due, body: bytes) -> dict[str, str]:
    hook, now = due.hook, clock.now()
    salts = [hook.salt]
    if hook.former_salt is not None and hook.former_until is not None and hook.former_until > now:
        salts.append(hook.former_salt)
    signed = signing.signed(due.message_id, now, body, salts)
    return {"Content-Type": "application/json", "User-Agent": "Cairn", **signed}


def _no(status: int) -> str:
    if 300 <= status < 400:
        return ELSEWHERE % {"status": status}
    return ANSWERED % {"status": status}


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


@transaction
def _keep(due: Due, body: str) -> None:
    """Whatever comes of it, it says the same when it is sent again."""
    if due.body is None:
        deliveries.write(due.id, body)


@transaction
def _drop(due: Due, why: str) -> None:
    deliveries.drop(why, delivery_id=due.id)


@transaction
def _put_off(due: Due) -> None:
    """Its host did not answer others. That is no try, but it does not wait for ever."""
    age = clock.now() - due.created_at
    if age > WAITING:
        deliveries.drop(SILENT % {"host": due.hook.host}, delivery_id=due.id)
    else:
        _again(due, max(PAUSE, age.total_seconds() * LONGER))


@transaction
def _note(due: Due, tried: Tried) -> None:
    """Write down how it went, and have it sent again if need be."""
    if tried.why is None:
        deliveries.note(due.id, Outcome.SENT, None, tried.took, tried.seen)
        repository.succeed(due.hook.id)
        return
    is_last = due.change_id is None or due.tries + 1 >= len(DELAYS)
    deliveries.note(due.id, Outcome.FAILED if is_last else Outcome.WAITING, tried.why, tried.took, tried.seen)
    if not is_last:
        _again(due, DELAYS[due.tries + 1])
    if due.change_id is not None:
        _lose_patience(due.hook, tried)


def _again(due: Due, seconds: float) -> None:
    at = clock.now() + timedelta(seconds=seconds)
    jobs.enqueue(TASK, {"id": due.id}, key=f"webhook:{due.id}", run_at=at)


def _lose_patience(hook: Hook, tried: Tried) -> None:
    """Switch a hook off that has failed for days, or says that it is gone, and tell who looks after it."""
    is_gone = tried.seen is not None and tried.seen[0] == GONE
    is_over = repository.fail(hook.id, PATIENCE)
    if not (is_gone or is_over):
        return
    why = N_("It answered 410: gone.") if is_gone else FAILED % {"why": tried.why}
    if repository.end(hook.id, why):
        deliveries.drop(N_("The webhook was switched off."), hook_id=hook.id)
        mail.post_all(
            mail.Note("webhook_off", _Person(id), {"webhook": hook.id}) for id in repository.keepers(hook.project_id)
        )


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody who is told."""

    id: int
