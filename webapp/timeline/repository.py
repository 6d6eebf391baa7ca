from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select, update

from webapp.accounts.models import User
from webapp.comments.models import Comment
from webapp.db import AnyRow, db
from webapp.paging import Place
from webapp.timeline.models import Event

_EVENTS = select(
    Event.id,
    Event.kind,
    Event.data,
    Event.created_at,
    User.id.label("actor_id"),
    User.name.label("actor_name"),
).join(User, User.id == Event.actor_id)

_COMMENTS = select(
    Comment.id, Comment.body, Comment.body_html, Comment.html_version, Comment.created_at, Comment.edited_at,
    Comment.version, User.id.label("author_id"), User.name.label("author_name"),
).join(User, User.id == Comment.author_id)  # fmt: skip


def add(events: Sequence[dict[str, Any]]) -> None:
    db.session.execute(insert(Event), events)


def events(issue_id: int, at: Place | None, limit: int) -> Sequence[AnyRow]:
    """Events of an issue from a place on, oldest first."""
    statement = _EVENTS.where(Event.issue_id == issue_id)
    if at is not None:
        statement = statement.where(Event.id > at.key[0])
    return db.session.execute(statement.order_by(Event.id).limit(limit)).all()


def first_events(issue_id: int, limit: int) -> Sequence[AnyRow]:
    return db.session.execute(
        _EVENTS.where(Event.issue_id == issue_id).order_by(Event.created_at, Event.id).limit(limit)
    ).all()


def first_comments(issue_id: int, limit: int) -> Sequence[AnyRow]:
    return db.session.execute(
        _COMMENTS.where(Comment.issue_id == issue_id).order_by(Comment.created_at, Comment.id).limit(limit)
    ).all()


def last_comments(issue_id: int, limit: int) -> Sequence[AnyRow]:
    found = db.session.execute(
        _COMMENTS.where(Comment.issue_id == issue_id)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(limit)
    ).all()
    return found[::-1]


def store_html(values: Sequence[dict[str, object]]) -> None:
    """Keep the HTML of comments; `values` name their ids."""
    db.session.execute(update(Comment), values)
