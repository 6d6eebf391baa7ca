from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select

from webapp.charts.models import Tally
from webapp.db import AnyRow, db
from webapp.issues.models import Issue
from webapp.timeline.models import Event


def flows(project_id: int, since: date) -> Sequence[AnyRow]:
    """What a project's tallies add up to, day by day; what was in its statuses before comes on the day before."""
    day = func.greatest(Tally.day, since - timedelta(days=1)).label("day")
    return db.session.execute(
        select(Tally.series, Tally.of_id, day, func.sum(Tally.n).label("n"))
        .where(Tally.project_id == project_id)
        .where(or_(Tally.series == "status", and_(Tally.series.in_(("created", "closed")), Tally.day >= since)))
        .group_by(Tally.series, Tally.of_id, day)
    ).all()


def newest_closed(project_id: int, started: Sequence[str], limit: int) -> Sequence[AnyRow]:
    """When the issues that were closed last were opened, begun and closed; the last one first."""
    begun = (
        select(func.min(Event.created_at))
        .where(Event.issue_id == Issue.id, Event.kind == "moved_status", Event.data["new"].astext.in_(started))
        .scalar_subquery()
    )
    return db.session.execute(
        select(Issue.created_at, begun.label("begun_at"), Issue.closed_at)
        .where(Issue.project_id == project_id, Issue.closed_at.is_not(None), Issue.deleted_at.is_(None))
        .order_by(Issue.closed_at.desc(), Issue.id.desc())
        .limit(limit)
    ).all()
