"""What a mail about issues tells, by rights of when it is sent; the rest of it is dropped, with the reason."""

from collections.abc import Collection
from datetime import timedelta

from webapp.db import transaction
from webapp.events.kinds import News
from webapp.hearing import reports
from webapp.hearing.deciding import is_silent
from webapp.hearing.rows import Delivered, Told
from webapp.i18n import N_
from webapp.models.mails import State
from webapp.rules import service as rules
from webapp.rules.service import Rules

# Beyond that a mail is no mail any more; the rest is on the page.
MOST = 100
# As long as mails are kept.
KEPT = timedelta(days=90)
MANY = 5_000


def to_tell(ids: Collection[int], most: int = MOST) -> tuple[list[Delivered], list[Told]]:
    """What may still be told of these deliveries, and what that is: both empty if nothing is left."""
    found = reports.delivered(ids)
    refused = _refused(found)
    _drop(refused)
    left = [one for one in found if one.id not in refused]
    told = reports.happened([one.id for one in left], most) if left else []
    return (left, told) if told else ([], [])


@transaction
def enclose(mail_ids: Collection[int], ids: Collection[int]) -> None:
    """Note at these deliveries which of these mails they are a part of: one to each reader."""
    if mail_ids:
        reports.enclose(mail_ids, ids)


@transaction
def drop(ids: Collection[int], answer: str) -> None:
    """Note that these are not told any more, and why."""
    reports.drop(ids, answer)


@transaction
def ended(mail_id: int, state: State, answer: str) -> None:
    """Note at the deliveries what became of their mail."""
    reports.end(mail_id, state, answer)


@transaction
def clear() -> int:
    """Forget some of what people were told more than 90 days ago; how much."""
    return reports.clear(KEPT, MANY)


@transaction
def _drop(refused: dict[int, str]) -> None:
    for answer in set(refused.values()):
        reports.drop([id for id, why in refused.items() if why == answer], answer)


def _refused(found: Collection[Delivered]) -> dict[int, str]:
    """Those that must not be told any more, and why."""
    known = rules.of({one.user_id for one in found}, {one.project_id for one in found if one.project_id is not None})
    return {one.id: reason for one in found if (reason := _refusal(one, known))}


def _refusal(one: Delivered, known: Rules) -> str | None:
    """Why it must not be told any more."""
    if one.issue_id is None or one.is_gone:
        return N_("The issue is deleted, or its project is archived.")
    if not one.is_seen:
        return N_("The reader may not see the project any more.")
    if is_silent(one.level, one.project_level, is_meant=one.is_meant):
        return N_("The reader chose to hear nothing of it meanwhile.")
    if one.news and not any(known.mails(one.user_id, one.project_id, News(news)) for news in one.news):
        return N_("The reader chose meanwhile that news like this does not come by mail.")
    return None
