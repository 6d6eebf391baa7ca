"""Statements about what hosts sent."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from webapp.access import Viewer
from webapp.code_hosts.rows import Logged, Waiting
from webapp.db import db
from webapp.models.code_hosts import Arrival, CodeDelivery, CodeHost
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.paging import Place
from webapp.projects.sight import visible_to
from webapp.reading import among, read


def add(host_id: int, by_id: int, message_id: str, event: str, body: bytes) -> int | None:
    """Write down what arrived; None if it came before."""
    given = {"code_host_id": host_id, "by_id": by_id, "message_id": message_id, "event": event, "body": body}
    new = insert(CodeDelivery).values(given).on_conflict_do_nothing().returning(CodeDelivery.id)
    made: int | None = db.session.scalar(new)
    return made


def waiting(delivery_id: int) -> Waiting | None:
    """One that is to be taken."""
    columns = (
        CodeDelivery.id, CodeDelivery.code_host_id, CodeHost.project_id, CodeHost.kind, CodeDelivery.by_id,
        CodeDelivery.event, CodeDelivery.body,
    )  # fmt: skip
    row = read(
        select(*columns)
        .join(CodeHost, CodeHost.id == CodeDelivery.code_host_id)
        .where(CodeDelivery.id == delivery_id, CodeDelivery.state == Arrival.WAITING)
    ).one_or_none()
    if row is None:
        return None
    return Waiting(row.id, row.code_host_id, row.project_id, row.kind, row.by_id, row.event, bytes(row.body))


def is_waiting(delivery_id: int) -> bool:
    """Whether it still is; nobody else takes it until the transaction ends."""
    state = select(CodeDelivery.state).where(CodeDelivery.id == delivery_id).with_for_update()
    return bool(db.session.scalar(state) == Arrival.WAITING)


def end(delivery_id: int, **values: Any) -> None:
    """Write down what became of it, and forget what it said."""
    ended = {"body": None, "ended_at": func.now(), **values}
    still = CodeDelivery.id == delivery_id, CodeDelivery.state == Arrival.WAITING
    db.session.execute(update(CodeDelivery).where(*still).values(ended))


def listed(host_id: int, at: Place | None, limit: int) -> Sequence[Logged]:
    """What a host sent, the newest first, from a place."""
    columns = (
        CodeDelivery.id, CodeDelivery.message_id, CodeDelivery.event, CodeDelivery.state, CodeDelivery.answer,
        CodeDelivery.commits, CodeDelivery.came_at, CodeDelivery.ended_at, CodeDelivery.by_id, CodeDelivery.outcome,
    )  # fmt: skip
    rows, order = select(*columns).where(CodeDelivery.code_host_id == host_id), CodeDelivery.id.desc()
    if at is not None:
        beyond = CodeDelivery.id > at.key[0] if at.backwards else CodeDelivery.id < at.key[0]
        rows, order = rows.where(beyond), CodeDelivery.id.asc() if at.backwards else order
    return [Logged(*row) for row in read(rows.order_by(order).limit(limit))]


def count(host_id: int, limit: int) -> int:
    """How many there are, counted up to the limit."""
    some = select(CodeDelivery.id).where(CodeDelivery.code_host_id == host_id).limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def keys(issue_ids: Collection[int], viewer: Viewer) -> dict[int, str]:
    """What those of these issues are called that somebody sees."""
    rows = (
        select(Issue.id, func.concat(Project.key, "-", Issue.number).label("key"))
        .join(Project, Project.id == Issue.project_id)
        .where(among(Issue.id, issue_ids), Issue.deleted_at.is_(None), visible_to(viewer))
    )
    return {row.id: row.key for row in read(rows)} if issue_ids else {}


def forget(host_id: int) -> None:
    """Delete all that a host sent."""
    db.session.execute(delete(CodeDelivery).where(CodeDelivery.code_host_id == host_id))


def clear(kept: timedelta, limit: int) -> int:
    """Forget some of what came longer ago than that; how many."""
    old = select(CodeDelivery.id).where(CodeDelivery.came_at < func.now() - kept).limit(limit)
    old = old.with_for_update(skip_locked=True)
    gone = delete(CodeDelivery).where(CodeDelivery.id.in_(old)).returning(CodeDelivery.id)
    return len(db.session.scalars(gone).all())
