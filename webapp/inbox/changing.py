"""What becomes of the rows of an inbox, as their owner says. Each notes what it was before, for an undo."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, case, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import TIMESTAMP

from webapp.access import Viewer
from webapp.db import db
from webapp.inbox.conditions import UNREAD, Condition, own
from webapp.models.inbox import InboxItem
from webapp.models.watching import IssueWatch, Level
from webapp.reading import Text, read


class Part(NamedTuple):
    """One thing that is to become of rows: which of them are not like that yet, and what they get."""

    lacking: Condition
    values: Mapping[str, Any]


def done(is_done: bool) -> Part:
    """Put aside, or taken back."""
    if is_done:
        return Part(InboxItem.done_at.is_(None), {"done_at": func.now()})
    return Part(InboxItem.done_at.is_not(None), {"done_at": None})


def unread(is_unread: bool) -> Part:
    """To be read again from the last event on, or read."""
    if is_unread:
        return Part(InboxItem.first_unread_id.is_(None), {"first_unread_id": InboxItem.last_event_id})
    return Part(UNREAD, {"first_unread_id": None})


def snoozed(until: datetime | None) -> Part:
    """Asleep until then, and not done with; or awake."""
    if until is None:
        return Part(InboxItem.snoozed_until.is_not(None), {"snoozed_until": None})
    lacking = or_(InboxItem.snoozed_until.is_distinct_from(until), InboxItem.done_at.is_not(None))
    return Part(lacking, {"snoozed_until": until, "done_at": None})


def muted(is_muted: bool) -> Part:
    """What is heard of no longer is done with as well; that it is heard of again changes no row."""
    silent = _level() == Level.NOTHING
    if is_muted:
        lacking = or_(InboxItem.done_at.is_(None), silent.is_not(True))
        return Part(lacking, {"done_at": func.coalesce(InboxItem.done_at, func.now())})
    return Part(silent, {})


def _level() -> Any:
    mine = IssueWatch.issue_id == InboxItem.issue_id, IssueWatch.user_id == InboxItem.user_id
    return select(IssueWatch.level).where(*mine).correlate(InboxItem).scalar_subquery()


def change(viewer: Viewer, where: Condition, parts: Collection[Part], act: UUID, *, level: bool) -> list[int]:
    """Let these things become of the rows that are meant; returns the issues of those that were not like that.

    With `level`, what their owner chose for the issue is noted too.
    """
    lacking = or_(*(part.lacking for part in parts))
    meant = own(viewer, InboxItem.id).where(where, lacking).order_by(InboxItem.issue_id)
    before = {
        "done_at": InboxItem.done_at,
        "snoozed_until": InboxItem.snoozed_until,
        "first_unread_id": InboxItem.first_unread_id,
        "last_event_id": InboxItem.last_event_id,
    } | ({"level": _level()} if level else {})
    pairs = [one for pair in before.items() for one in pair]
    values = {name: value for part in parts for name, value in part.values.items()}
    statement = (
        update(InboxItem)
        .where(InboxItem.id.in_(meant.with_for_update(of=InboxItem).scalar_subquery()))
        .values(**values, change_id=act, before=func.jsonb_build_object(*pairs))
        .returning(InboxItem.issue_id)
    )
    return list(db.session.scalars(statement.execution_options(synchronize_session=False)))


def undo(viewer: Viewer, act: UUID) -> int:
    """Let rows be as before a change of their owner; how many there were.

    What they were told since stays unread, and in sight.
    """
    before = InboxItem.before
    mine = InboxItem.user_id == viewer.id, InboxItem.change_id == act
    held = select(InboxItem.id).where(*mine).order_by(InboxItem.issue_id).with_for_update()
    first = cast(before["first_unread_id"].astext, BigInteger)
    is_untold = InboxItem.last_event_id == cast(before["last_event_id"].astext, BigInteger)
    statement = (
        update(InboxItem)
        .where(InboxItem.id.in_(held.scalar_subquery()))
        .values(
            done_at=case((is_untold, _time(before["done_at"])), else_=InboxItem.done_at),
            snoozed_until=_time(before["snoozed_until"]),
            first_unread_id=case((is_untold, first), else_=func.coalesce(first, InboxItem.first_unread_id)),
            change_id=None,
            before=None,
        )
        .returning(InboxItem.id)
    )
    return len(list(db.session.scalars(statement.execution_options(synchronize_session=False))))


def _time(value: Any) -> Any:
    return cast(value.astext, TIMESTAMP(timezone=True))


def read_now(user_id: int, project_id: int, number: int) -> datetime | None:
    """Let somebody have read an issue; returns when what they had not read began, if there was anything.

    A row that somebody is just writing is left as it is: whoever opens a page waits for nobody.
    """
    row = read(_READ, {"user_id": user_id, "project_id": project_id, "number": number}).one_or_none()
    return row.began_at if row is not None else None


_READ = Text(
    """
    UPDATE inbox_items AS known SET first_unread_id = NULL FROM (
        SELECT item.id, event.created_at FROM issues
        JOIN inbox_items item ON item.issue_id = issues.id AND item.user_id = :user_id
        LEFT JOIN events event ON event.id = item.first_unread_id
        WHERE issues.project_id = :project_id AND issues.number = :number
            AND item.first_unread_id IS NOT NULL AND item.done_at IS NULL
        FOR UPDATE OF item SKIP LOCKED
    ) AS unread WHERE known.id = unread.id RETURNING unread.created_at
    """,
    "user_id bigint, project_id bigint, number bigint",
    "began_at",
)
