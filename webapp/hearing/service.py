"""A change is heard: found out who is told of it, and told, or noted for those who tell later."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from webapp import clock
from webapp.db import transaction
from webapp.hearing import deciding, reports, repository
from webapp.hearing.rows import Heard, Reader, Subject, Telling
from webapp.inbox import service as inbox
from webapp.inbox.service import Told
from webapp.jobs import service as jobs
from webapp.mail import service as mail
from webapp.models.deliveries import Way
from webapp.models.inbox import STRENGTH
from webapp.rules import service as rules
from webapp.rules.rows import Ways
from webapp.watching import matching

# Whoever changes issues that are just being heard waits for a moment, in seconds. How many issues that is depends on
# how many people hear of them.
MOMENT = 0.5
FEWEST, FIRST, MOST = 25, 25, 500
# A job hears for so long, in seconds, and leaves the rest of its change to another: however much that is, none comes
# near what a job may take, and others are heard in between.
ENOUGH = 10.0
# What happens to an issue within this time is one mail.
BURST = timedelta(seconds=30)
# Until when the mails of people wait who want to be left alone.
Quiet = Mapping[int, datetime]


def hear(change: UUID, after: int = 0) -> None:
    """Tell everybody of a change who wants to know of it. What was told before is not told again.

    Of its issues those behind the one with the id `after`; what takes longer than enough is left to a job of its own.
    """
    most, end = FIRST, time.monotonic() + ENOUGH
    while True:
        began = time.monotonic()
        after, number = _hear_some(change, after, most)
        if number < most:
            return
        now = time.monotonic()
        if now > end:
            _leave(change, after)
            return
        pace = MOMENT / max(now - began, 0.001)
        most = max(FEWEST, min(MOST, int(most * pace)))


@transaction
def _leave(change: UUID, after: int) -> None:
    """Have the rest heard later, under a key of its own: else what is left of this job would count as done with it.

    Where a rest waits already, all until that is told.
    """
    jobs.enqueue("hear", {"change": str(change), "after": after}, key=f"rest:{change}")


@transaction
def _hear_some(change: UUID, after: int, most: int) -> tuple[int, int]:
    """The next issues of it; the last one, and how many there were."""
    subjects, last, number = repository.changed(change, after, most)
    if subjects:
        tellings, quiet = _tellings(_heard(subjects))
        _tell(change, tellings, quiet, many=after > 0 or number > 1)
    return last, number


def _heard(subjects: Sequence[Subject]) -> list[tuple[Subject, Heard]]:
    """Who is told what, as far as they may know of it."""
    levels = repository.levels({one.project_id for one in subjects})
    repository.gather(subjects)
    _ask_views(subjects)
    own = {event.actor_id for one in subjects for event in one.events}  # as their rules say, later
    heard = [(one, what) for one in subjects for what in deciding.heard(one, levels[one.project_id], own)]
    entitled = repository.entitled({(one.project_id, what.user_id) for one, what in heard})
    return _without_private([(one, what) for one, what in heard if (one.project_id, what.user_id) in entitled])


def _without_private(heard: list[tuple[Subject, Heard]]) -> list[tuple[Subject, Heard]]:
    """The same, but for what is told of issues and comments that are hidden from whoever would hear it."""
    if any(one.private for one, _what in heard):
        seeing = repository.seeing({(one.id, what.user_id) for one, what in heard})
        heard = [(one, what) for one, what in heard if (one.id, what.user_id) in seeing]
    return _without_private_comments(heard)


def _without_private_comments(heard: list[tuple[Subject, Heard]]) -> list[tuple[Subject, Heard]]:
    said = [(what.event.comment or 0, what.user_id) for _one, what in heard if what.event.private]
    if not said:
        return heard
    hidden = set(said) - repository.seeing_comment(set(said))
    return [(one, what) for one, what in heard if (what.event.comment, what.user_id) not in hidden]


def _ask_views(subjects: Sequence[Subject]) -> None:
    """Note whose views the issues began to match."""
    issues: dict[int, list[int]] = {}
    for one in subjects:
        issues.setdefault(one.project_id, []).append(one.id)
    begun = matching.begun(issues)
    for one in subjects:
        one.found_by |= begun.get(one.id, set())


def _tellings(heard: Sequence[tuple[Subject, Heard]]) -> tuple[list[Telling], Quiet]:
    """What each is told of each issue by each way, and whose mails wait."""
    known = rules.of({what.user_id for _, what in heard}, {subject.project_id for subject, _ in heard})
    quiet: dict[int, datetime] = {}
    told: dict[tuple[int, int, Way], list[tuple[Subject, Heard, str]]] = {}
    # Of a thousand issues each person is told alike: it is decided once.
    ways_to = cache(lambda person, project, news: _ways(known.ways(person, project, news)))
    for subject, what in heard:
        if what.user_id == what.event.actor_id and not known.hears_own(what.user_id):
            continue
        ways, rule, until = ways_to(what.user_id, subject.project_id, what.news)
        if until is not None:
            quiet[what.user_id] = until
        for way in ways:
            told.setdefault((subject.id, what.user_id, way), []).append((subject, what, rule))
    return [_telling(way, some) for (_, _, way), some in told.items()], quiet


def _ways(ways: Ways) -> tuple[list[Way], str, datetime | None]:
    """Those by which somebody can be told here, by which rule, and until when their mails wait."""
    by_mail = mail.is_configured()
    wanted = {Way.INBOX: ways.inbox, Way.MAIL: ways.mail and by_mail, Way.DIGEST: ways.digest and by_mail}
    return [way for way, is_wanted in wanted.items() if is_wanted], ways.rule, ways.until


def _telling(way: Way, told: Sequence[tuple[Subject, Heard, str]]) -> Telling:
    subject, strongest, rule = told[0] if len(told) == 1 else min(told, key=lambda one: STRENGTH[one[1].reason])
    events = [what.event.id for _, what, _ in told]
    place = strongest.user_id, subject.project_id, subject.id
    news = sorted({what.news for _, what, _ in told})
    return Telling(*place, min(events), max(events), way, strongest.reason, news, rule)


def _tell(change: UUID, tellings: Sequence[Telling], quiet: Quiet, *, many: bool) -> None:
    if not tellings:
        return
    noted = repository.deliver(change, tellings)
    _post(change, [one for one in noted if one.way == Way.MAIL], quiet, many=many)
    new = {(one.user_id, one.issue_id) for one in noted if one.way == Way.INBOX}
    inbox.put(
        [
            Told(one.user_id, one.issue_id, one.reason, one.event_id, one.last_event_id)
            for one in tellings
            if one.way is Way.INBOX and (one.user_id, one.issue_id) in new
        ]
    )


def _post(change: UUID, noted: Sequence[Any], quiet: Quiet, *, many: bool) -> None:
    """Post what is to be mailed: of one issue with what else happens to it soon, of many as one mail."""
    enclosed: dict[tuple[int, str], list[int]] = {}
    for one in noted:
        about = f"change:{one.user_id}:{change}" if many else f"issue:{one.user_id}:{one.issue_id}"
        enclosed.setdefault((one.user_id, about), []).append(one.id)
    due_at, kind = clock.now() + BURST, "issues" if many else "issue"
    posted = mail.post_all(
        mail.Note(
            kind, Reader(user_id), {"deliveries": ids}, due_at=max(due_at, quiet.get(user_id, due_at)), key=about
        )
        for (user_id, about), ids in enclosed.items()
    )
    if posted:
        reports.enclose([one.id for one in posted], [one.id for one in noted])
