"""Rows of inboxes, as whoever tells people writes them."""

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from webapp.access import Viewer
from webapp.db import db, transacting
from webapp.inbox import service as inbox
from webapp.inbox.service import Told
from webapp.models.events import Event
from webapp.models.inbox import InboxItem, Reason
from webapp.models.issues import Issue


def tell(
    app: Flask, who: Viewer, issue: Any, reason: str = "watching", *, last: int | None = None
) -> tuple[int, int]:
    """Tell somebody of all, or the last few, events of an issue; from which to which."""
    with app.app_context(), transacting():
        ids = list(db.session.scalars(select(Event.id).where(Event.issue_id == issue.id).order_by(Event.id)))
        told = ids[-last:] if last else ids
        inbox.put([Told(who.id, issue.id, Reason(reason), told[0], told[-1])])
    return told[0], told[-1]


def tell_of(app: Flask, who: Viewer, project: Any, *, change: str) -> int:
    """Tell somebody of the first issue of a project, and let them have changed the row; returns its id."""
    with app.app_context():
        issue = db.session.scalars(select(Issue).where(Issue.project_id == project.id, Issue.number == 1)).one()
    tell(app, who, issue)
    with app.app_context(), transacting():
        row = db.session.scalars(select(InboxItem).where(InboxItem.user_id == who.id)).one()
        row.change_id, row.before = UUID(change), {"last_event_id": row.last_event_id}
    return row.id
