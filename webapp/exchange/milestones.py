"""Milestones of an archive: found again by where they came from, else by their title, else made."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from webapp.db import AnyRow, db
from webapp.exchange.ledger import EDITED, MILESTONES, Ledger
from webapp.exchange.records import IssueRecord, MilestoneRecord
from webapp.models.milestones import Milestone

TAKEN = "another one is called so here"
COMPARED = ("title", "description", "due_on", "closed_at")


class Known:
    """The project's milestones, as an import finds them at one moment."""

    def __init__(self, project_id: int) -> None:
        columns = (
            Milestone.id,
            Milestone.origin,
            Milestone.version,
            *(getattr(Milestone, name) for name in COMPARED),
        )
        wanted = select(*columns, func.lower(Milestone.title).label("titled")).where(
            Milestone.project_id == project_id
        )
        self.project_id = project_id
        self.rows: Sequence[AnyRow] = db.session.execute(wanted).all()
        self.by_origin = {row.origin: row for row in self.rows if row.origin}
        self.by_title = {row.titled: row for row in self.rows}

    def row(self, record: MilestoneRecord) -> AnyRow | None:
        return self.by_origin.get(record.origin) or self.by_title.get(record.title.lower())

    def id(self, record: MilestoneRecord | None) -> int | None:
        """The id of what is here for it; for none, and for one that is not here, None."""
        row = self.row(record) if record else None
        return row.id if row else None

    def is_taken(self, title: str, row: AnyRow) -> bool:
        """Whether another one than the row's is called so here."""
        return bool(self.by_title.get(title.lower(), row).id != row.id)


def make(known: Known, records: Iterable[IssueRecord], ledger: Ledger) -> Known:
    """Make those that these issues have and that are not here; returns all of them anew."""
    wanted = {one.milestone.origin: one.milestone for one in records if one.milestone}
    missing = [one for one in wanted.values() if known.row(one) is None]
    if not missing:
        return known
    for one in missing:
        row = upsert(Milestone).values(
            project_id=known.project_id,
            origin=one.origin,
            state=one.state,
            created_at=one.created_at,
            **_compared(one),
        )
        # The database tells which titles are the same in another case.
        same: list[Any] = [Milestone.project_id, func.lower(Milestone.title)]
        row = row.on_conflict_do_update(
            index_elements=same, set_={"origin": func.coalesce(Milestone.origin, row.excluded.origin)}
        )
        is_new = db.session.scalar(row.returning(literal_column("milestones.xmax = 0")))
        ledger.added[MILESTONES] += bool(is_new)
        ledger.as_before[MILESTONES] += not is_new
    return Known(known.project_id)


def refresh(project_id: int, records: Iterable[IssueRecord], ledger: Ledger) -> None:
    """Bring over what has changed over there of those that are here. What was changed here is kept."""
    by_origin = {one.milestone.origin: one.milestone for one in records if one.milestone}
    ledger.read[MILESTONES] += len(by_origin)
    known = Known(project_id)
    for record in by_origin.values():
        row = known.row(record)
        # Else it is not here yet: only its title is, at another one.
        if row is not None and (row.origin == record.origin or row.origin not in by_origin):
            _refresh(row, record, known, ledger)


def _refresh(row: AnyRow, record: MilestoneRecord, known: Known, ledger: Ledger) -> None:
    if _compared(record) == {name: getattr(row, name) for name in COMPARED}:
        ledger.as_before[MILESTONES] += 1
        _remember(row, record)
    elif row.version > 1 or row.origin is None:
        ledger.leave(MILESTONES, EDITED)
        _remember(row, record)
    elif known.is_taken(record.title, row):
        ledger.leave(MILESTONES, TAKEN)
    else:
        _change(row.id, state=record.state, **_compared(record))
        ledger.changed[MILESTONES] += 1


def _remember(row: AnyRow, record: MilestoneRecord) -> None:
    """One that was here under the same title is this one from now on, whatever it is called."""
    if row.origin is None:
        _change(row.id, origin=record.origin)


def _change(milestone_id: int, **values: Any) -> None:
    db.session.execute(update(Milestone).where(Milestone.id == milestone_id).values(**values))


def _compared(record: MilestoneRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in COMPARED}
