from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select

from webapp.accounts.models import User
from webapp.db import AnyRow, db
from webapp.paging import Place
from webapp.timeline.models import Event

_EVENTS = select(
    Event.id,
    Event.kind,
    Event.data,
    Event.created_at,
    Event.change_id,
    User.id.label("actor_id"),
    User.name.label("actor_name"),
).join(User, User.id == Event.actor_id)


def add(events: Sequence[dict[str, Any]]) -> None:
    db.session.execute(insert(Event), events)


def events(issue_id: int, at: Place | None, limit: int) -> Sequence[AnyRow]:
    """Events of an issue from a place on, oldest first."""
    statement = _EVENTS.where(Event.issue_id == issue_id)
    if at is not None:
        statement = statement.where(Event.id > at.key[0])
    return db.session.execute(statement.order_by(Event.id).limit(limit)).all()


def newest_events(issue_id: int) -> Sequence[AnyRow]:
    """The newest event of each kind."""
    newest = _EVENTS.where(Event.issue_id == issue_id).distinct(Event.kind)
    return db.session.execute(newest.order_by(Event.kind, Event.id.desc())).all()
