"""When somebody's hour has come, what waits for it is posted as one mail: once, however often it is tried."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from webapp import clock, zones
from webapp.db import transaction
from webapp.digests import repository
from webapp.digests.rows import Due, Waiting
from webapp.hearing import reporting
from webapp.hearing.rows import Reader
from webapp.i18n import N_
from webapp.mail import service as mail
from webapp.rules import service as rules
from webapp.rules import times

# People at a time.
MANY = 500
SOON = timedelta(days=7)
DUE = 20


def post_due() -> int:
    """Post the digests whose hour has come; how many. What happened after that hour goes with them, too."""
    number, after = 0, 0
    while mail.is_configured():
        people, posted = _post_some(after, clock.now())
        number += posted
        if len(people) < MANY:
            break
        after = people[-1].user_id
    return number


def due(user_id: int, today: date) -> list[Due]:
    """What somebody has to do in the next days, or should have done; by the rights that they have now."""
    return repository.due(user_id, today + SOON, DUE)


@transaction
def end(user_id: int) -> None:
    """Leave to the inbox alone what somebody has told by the digest, as they asked by a link of theirs."""
    rules.end_digest(user_id)
    if waiting := repository.collected([user_id]):
        reporting.drop(waiting[user_id], N_("The reader wants no digest any more."))


@transaction
def _post_some(after: int, now: datetime) -> tuple[Sequence[Waiting], int]:
    people = repository.waiting(after, MANY)
    slots = {one.user_id: slot for one in people if (slot := _slot(one, now)) is not None}
    claimed = repository.claim(slots) if slots else []
    if not claimed:
        return people, 0
    collected = repository.collected(claimed)
    posted = mail.post_all(
        mail.Note("digest", Reader(id), {"deliveries": ids}, key=f"digest:{id}:{slots[id].isoformat()}")
        for id, ids in collected.items()
    )
    reporting.enclose([one.id for one in posted], [id for ids in collected.values() for id in ids])
    return people, len(posted)


def _slot(one: Waiting, now: datetime) -> datetime | None:
    """The hour that has come for what waits; None if it has not, or if it is quiet."""
    zone = zones.named(one.time_zone)
    if times.quiet_until(now, zone, one.quiet_from, one.quiet_to) is not None:
        return None
    slot = times.latest_slot(now, zone, one.rhythm, one.hour, one.weekday)
    return slot if one.since < slot else None
