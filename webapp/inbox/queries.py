"""What is read of an inbox."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect
from webapp.events.kinds import of
from webapp.events.telling import readable_data
from webapp.inbox.conditions import ASLEEP, NOT_DONE, UNREAD, Condition, own, seen_rows
from webapp.inbox.rows import Count, InboxRow, News
from webapp.issues.rows import LISTED, listed
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.events import Event
from webapp.models.inbox import InboxItem
from webapp.models.issues import Issue
from webapp.models.projects import Project, ProjectStamp, Stamp
from webapp.models.watching import IssueWatch, Level
from webapp.paging import Place
from webapp.projects.sight import Sight
from webapp.reading import Built, among, read
from webapp.text.plain import excerpt

# How many events of an issue are looked through, and what of a comment is read for its beginning.
LOOKED_THROUGH, BEGINNING = 200, 2_000
ORDER = (InboxItem.updated_at, InboxItem.id)
_SHOWN = (
    InboxItem.id.label("item_id"), InboxItem.issue_id, InboxItem.reason, InboxItem.first_unread_id,
    InboxItem.last_event_id, InboxItem.updated_at.label("told_at"), InboxItem.done_at, InboxItem.snoozed_until,
)  # fmt: skip


def page(viewer: Viewer, where: Condition, at: Place | None, limit: int) -> list[InboxRow]:
    """The rows that are meant, the last told first, from a place on."""
    falling = at is None or not at.backwards
    here = own(viewer, *_SHOWN).where(where)
    if at is not None:
        here = here.where(tuple_(*ORDER) < at.key if falling else tuple_(*ORDER) > at.key)
    first = here.order_by(*_sorted(ORDER, falling)).limit(limit).subquery("first")
    rows = read(_whole(first).order_by(*_sorted((first.c.told_at, first.c.item_id), falling)))
    return [_row(row) for row in rows]


def one(viewer: Viewer, item_id: int) -> InboxRow | None:
    """A row of somebody, if they see its issue."""
    first = own(viewer, *_SHOWN).where(InboxItem.id == item_id).subquery("first")
    row = read(_whole(first)).one_or_none()
    return _row(row) if row is not None else None


def _whole(first: Any) -> AnySelect:
    """Rows with their issues, and whether these are muted."""
    watch = IssueWatch.issue_id == Issue.id, IssueWatch.user_id == InboxItem.user_id
    mine = exists().where(InboxItem.id == first.c.item_id, *watch, IssueWatch.level == Level.NOTHING)
    more = [one for one in first.c if one.key != "issue_id"]
    return LISTED.add_columns(*more, mine.label("muted")).join(first, first.c.issue_id == Issue.id)


def _sorted(columns: Sequence[Any], falling: bool) -> list[Any]:
    return [column.desc() if falling else column for column in columns]


def _row(row: AnyRow) -> InboxRow:
    id, reason, first_unread, last_event, updated_at, done_at, snoozed_until, muted = row[-8:]
    times = updated_at, done_at, snoozed_until
    return InboxRow(id, reason, listed(row), first_unread, last_event, *times, muted)


def count(viewer: Viewer, where: Condition, limit: int) -> int:
    """How many rows are meant, counted up to the limit."""
    found = own(viewer, InboxItem.id).where(where).limit(limit).subquery()
    number: int = read(select(func.count()).select_from(found)).scalar_one()
    return number


def counts(viewer: Viewer, limit: int) -> list[Count]:
    """What is not done, counted by what filters ask for; of very many the last told."""
    asleep = ASLEEP.label("asleep")
    columns = InboxItem.reason, Project.key, Project.name, UNREAD.label("unread"), asleep
    latest = own(viewer, *columns).where(NOT_DONE).order_by(*_sorted(ORDER, falling=True)).limit(limit).subquery()
    rows = read(select(*latest.c, func.count()).group_by(*latest.c).order_by(latest.c.key))
    return [Count(*row) for row in rows]


def edition(viewer: Viewer, most: int) -> str | None:
    """A word that is another one as soon as a page of what is not done would be; None if there is more of that.

    It rests on what the rows themselves say, and on the counters of their projects and of people.
    """
    number, said = read(_edition(Sight.of(viewer)), {"viewer": viewer.id, "limit": most + 1}).one()
    return said if number <= most else None


@cache
def _edition(sight: Sight) -> Built:
    reader = bindparam("viewer", type_=BigInteger)
    watch = IssueWatch.issue_id == InboxItem.issue_id, IssueWatch.user_id == InboxItem.user_id
    muted = exists().where(*watch, IssueWatch.level == Level.NOTHING).correlate(InboxItem)
    counters = ProjectStamp.stamp, ProjectStamp.words, select(Stamp.people).scalar_subquery()
    columns = *_SHOWN, ASLEEP.label("asleep"), muted.label("muted"), Project.key, Project.name, *counters
    here = seen_rows(sight, reader, *columns).outerjoin(ProjectStamp, ProjectStamp.project_id == Project.id)
    rows = here.where(NOT_DONE).order_by(*_sorted(ORDER, falling=True)).limit(bindparam("limit")).subquery("waiting")
    one = cast(literal_column("waiting"), Text)
    said = func.md5(func.string_agg(one, aggregate_order_by(literal_column("';'"), rows.c.item_id)))
    return Built(select(func.count(), func.coalesce(said, "")).select_from(rows))


def news(items: Collection[int], most: int) -> Mapping[int, Sequence[AnyRow]]:
    """The last events that these rows tell of, by row, newest first, with how many there are.

    What their owner did is not among them, unless it is what they were told of.
    """
    found: dict[int, list[AnyRow]] = {}
    for row in read(_NEWS, {"ids": list(items), "most": most}):
        found.setdefault(row.item_id, []).append(row)
    return found


def _news() -> AnySelect:
    first, began = func.coalesce(InboxItem.first_unread_id, InboxItem.last_event_id), aliased(Event)
    begin = select(began.created_at).where(began.id == first).correlate(InboxItem).scalar_subquery()
    here = Event.issue_id == InboxItem.issue_id, Event.created_at >= begin, Event.id >= first
    from_others = or_(
        Event.actor_id != InboxItem.user_id,
        Event.id.in_((InboxItem.first_unread_id, InboxItem.last_event_id)),
    )
    since = (
        select(Event.id, Event.kind, Event.data, Event.actor_id, Event.created_at)
        .where(*here, from_others)
        .order_by(Event.created_at.desc(), Event.id.desc())
        .limit(LOOKED_THROUGH)
        .correlate(InboxItem)
        .lateral("since")
    )
    newest = since.c.created_at.desc(), since.c.id.desc()
    place = func.row_number().over(partition_by=InboxItem.id, order_by=newest).label("place")
    number = func.count().over(partition_by=InboxItem.id).label("number")
    ranked = (
        select(InboxItem.id.label("item_id"), *since.c, place, number)
        .select_from(InboxItem)
        .join(since, true())
        .where(InboxItem.id == func.any(bindparam("ids", type_=ARRAY(BigInteger))))
        .subquery("ranked")
    )
    return (
        select(
            ranked.c.item_id, ranked.c.id, ranked.c.kind,
            readable_data(ranked.c.kind, ranked.c.data), ranked.c.actor_id,
            ranked.c.created_at, ranked.c.number, User.name, User.avatar,
        )
        .join(User, User.id == ranked.c.actor_id)
        .where(ranked.c.place <= bindparam("most", type_=BigInteger))
        .order_by(ranked.c.item_id, ranked.c.place)
    )  # fmt: skip


_NEWS = Built(_news())


def beginnings(comment_ids: Sequence[int]) -> dict[int, str]:
    """The beginnings of these comments, in plain words; without those that were deleted."""
    there = and_(among(Comment.id, comment_ids), Comment.deleted_at.is_(None))
    begun = read(select(Comment.id, func.left(Comment.body, BEGINNING)).where(there))
    return {id: excerpt(body) for id, body in begun}


def told_of(row: AnyRow, said: str) -> News:
    """An event as an inbox tells it."""
    actor = Person(row.actor_id, row.name, row.avatar)
    return News(row.id, actor, of(row.kind, row.data), row.created_at, said)


def moment(event_id: int, project_id: int, number: int) -> datetime | None:
    """When an event of an issue happened."""
    row = read(_MOMENT, {"event_id": event_id, "project_id": project_id, "number": number}).one_or_none()
    return row[0] if row is not None else None


_MOMENT = Built(
    select(Event.created_at)
    .join(Issue, Issue.id == Event.issue_id)
    .where(
        Event.id == bindparam("event_id", type_=BigInteger),
        Issue.project_id == bindparam("project_id", type_=BigInteger),
        Issue.number == bindparam("number", type_=BigInteger),
    )
)
