from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from webapp.db import db
from webapp.events.models import Event
from webapp.issues.models import Issue


def events_of(issue_id: int, change: UUID) -> Sequence[Event]:
    """The events of one save of an issue."""
    return db.session.scalars(select(Event).where(Event.issue_id == issue_id, Event.change_id == change)).all()


def newest_change(issue_id: int, actor_id: int, within: timedelta) -> Sequence[Event]:
    """The events of the last thing that somebody did to an issue, if that was just now."""
    change = (
        select(Event.change_id)
        .where(Event.issue_id == issue_id, Event.actor_id == actor_id)
        .where(Event.created_at > func.clock_timestamp() - within)
        .order_by(Event.created_at.desc(), Event.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return db.session.scalars(select(Event).where(Event.issue_id == issue_id, Event.change_id == change)).all()


def kinds_after(issue_id: int, event_id: int) -> set[str]:
    """What has happened to an issue since an event."""
    return set(
        db.session.scalars(select(Event.kind).where(Event.issue_id == issue_id, Event.id > event_id).distinct())
    )


def issue_id(project_id: int, number: int) -> int | None:
    """The id of the issue with this number, also of one in the trash."""
    return db.session.scalar(select(Issue.id).where(Issue.project_id == project_id, Issue.number == number))
