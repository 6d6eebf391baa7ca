from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from webapp.access import Viewer
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.events.kinds import Commented, of
from webapp.i18n import _, formats
from webapp.inbox import asking, changing, muting, queries, repository, snoozing
from webapp.inbox.asking import Asked
from webapp.inbox.changing import Part
from webapp.inbox.conditions import Condition, asked_for, one_of, told_until
from webapp.inbox.rows import Count, InboxRow
from webapp.inbox.told import Told
from webapp.paging import COUNTED, Cut, bounded, cut, place
from webapp.text import times

__all__ = ["Count", "InboxRow", "Told", "put"]

# How many events a row tells.
TOLD = 3


class Changed(NamedTuple):
    """What came of a change of many rows: how many there were, and by what it is undone."""

    changed: int
    change_id: UUID | None


def put(told: Sequence[Told]) -> None:
    """Let people find in their inbox what they are told: one for a person and an issue, one statement for all.

    What is there already goes on from where it was last read, keeps the strongest reason, and is no longer done;
    what was done with begins anew. One that sleeps goes on sleeping. What happened before the last that was told is
    added to what waits unread; whoever tells sees to it that it was not told before. In their transaction.
    """
    if told:
        repository.put(told)


def listing(text: str, cursor: str | None, limit: int, by: Viewer) -> tuple[Cut[InboxRow], Asked]:
    """The rows of somebody that a query means, the last told first, and what it was read as.

    Raises Invalid on `q`, or on `cursor`.
    """
    asked, at = asking.asked(text), place(cursor, datetime, int)
    where = asked_for(asked)
    rows = queries.page(by, where, at, limit + 1)
    found = cut(rows, limit, at, lambda row: (row.updated_at, row.id))
    is_whole = at is None and len(rows) <= limit
    found.total = len(rows) if is_whole else bounded(queries.count(by, where, COUNTED + 1))
    found.items = _with_news(found.items)
    return found, asked


def edition(text: str, by: Viewer) -> str | None:
    """What a page of these rows is made of, as a word; None where that is not known.

    Which is for more than what waits now, for very much, and for keys, which may come to mean another project.
    Raises Invalid on `q`.
    """
    asked = asking.asked(text)
    return queries.edition(by, COUNTED) if asked.is_of_now and not asked.names("project") else None


def counts(by: Viewer) -> Sequence[Count]:
    """What is not done, counted by what filters ask for."""
    return queries.counts(by, COUNTED)


def get(item_id: int, by: Viewer) -> InboxRow:
    """A row of one's own. Raises NotFound, also for one whose issue is not seen any more."""
    row = queries.one(by, item_id)
    if row is None:
        raise NotFound()
    return _with_news([row])[0]


def edit(item_id: int, sent: Mapping[str, Any], by: Viewer, *, up_to: int | None = None) -> tuple[InboxRow, Changed]:
    """Change a row of one's own. Raises Conflict if something happened after the event `up_to`."""
    done = _change(one_of([item_id]) & told_until(up_to), sent, by)
    row = get(item_id, by)
    if up_to is not None and row.last_event > up_to and not done.changed:
        raise Conflict(_("Something more has happened to %(key)s. Look at it first.", key=row.issue.key))
    return row, done


def edit_many(
    text: str, ids: Sequence[int] | None, sent: Mapping[str, Any], by: Viewer, *, up_to: int | None = None
) -> Changed:
    """Change the rows that a query means, of these only those with certain ids, if such are given.

    Rows that tell of events after `up_to` stay as they are. Raises Invalid on `q`.
    """
    where = asked_for(asking.asked(text))
    if ids is not None:
        where &= one_of(ids)
    return _change(where & told_until(up_to), sent, by)


@transaction
def undo(change: UUID, by: Viewer) -> int:
    """Take back a change of one's own, of one row or of many; returns how many. Raises NotFound if there is none."""
    muting.restore(by, change)
    number = changing.undo(by, change)
    if not number:
        raise NotFound(_("There is nothing to undo any more."))
    return number


@transaction
def read(project_id: int, number: int, reader: Viewer) -> datetime | None:
    """Let somebody have read an issue that they look at.

    Returns when what they had not read began; None if there was nothing.
    """
    return changing.read_now(reader.id, project_id, number)


def moment(event_id: int, project_id: int, number: int) -> datetime | None:
    """When an event of an issue happened; None if that has none of this id."""
    return queries.moment(event_id, project_id, number)


@transaction
def _change(where: Condition, sent: Mapping[str, Any], by: Viewer) -> Changed:
    parts = [_PARTS[name](value, by) for name, value in sent.items()]
    if not parts:
        raise Invalid.on("", _("Say what is to become of it: done, unread, snoozed_until or muted."))
    act, mutes = uuid4(), sent.get("muted")
    issues = changing.change(by, where, parts, act, level=mutes is not None)
    if mutes is not None:
        (muting.mute if mutes else muting.unmute)(by, issues)
    return Changed(len(issues), act if issues else None)


def _until(said: str | None, by: Viewer) -> datetime | None:
    if said is None:
        return None
    try:
        return snoozing.read(said, times.now_in(by.time_zone))
    except (ValueError, OverflowError):
        must = _(
            "must be %(words)s, or a day or a time to come, like 2030-03-31 or 2030-03-31T16:00.",
            words=formats.gap().join(snoozing.WORDS),
        )
        raise Invalid.on("snoozed_until", must) from None


_PARTS: Mapping[str, Callable[[Any, Viewer], Part]] = {
    "done": lambda value, by: changing.done(value),
    "unread": lambda value, by: changing.unread(value),
    "snoozed_until": lambda value, by: changing.snoozed(_until(value, by)),
    "muted": lambda value, by: changing.muted(value),
}


def _with_news(rows: Sequence[InboxRow]) -> list[InboxRow]:
    """Rows with what happened; of comments with their beginnings."""
    if not rows:
        return []
    found = queries.news([row.id for row in rows], TOLD)
    spoken = [id for events in found.values() for one in events if (id := _comment(one))]
    texts = queries.beginnings(spoken) if spoken else {}
    return [_telling(row, found.get(row.id, ()), texts) for row in rows]


def _telling(row: InboxRow, events: Sequence[Any], texts: Mapping[int, str]) -> InboxRow:
    shown = [queries.told_of(one, texts.get(_comment(one), "")) for one in reversed(events)]
    return replace(row, events=shown, has_earlier=bool(events) and events[0].number > len(events))


def _comment(event: Any) -> int:
    """The comment that an event tells was added; 0 for another event."""
    happened = of(event.kind, event.data)
    return happened.comment if isinstance(happened, Commented) else 0
