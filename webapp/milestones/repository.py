from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from webapp.db import AnySelect, db
from webapp.issues.rows import MilestoneRef
from webapp.models.issues import Issue, State
from webapp.models.milestones import Milestone
from webapp.reading import Built, read


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    id: int
    title: str
    description: str
    state: str
    due_on: date | None
    created_at: datetime
    closed_at: datetime | None
    version: int
    open_issues: int
    closed_issues: int

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def total(self) -> int:
        return self.open_issues + self.closed_issues

    @property
    def percent(self) -> int:
        """How much of it is done, in whole percent."""
        return 100 * self.closed_issues // self.total if self.total else 0


def _counted(state: State) -> Any:
    """How many issues of a milestone are in this state, counted in the index."""
    return (
        select(func.count())
        .where(Issue.milestone_id == Milestone.id, Issue.state == state, Issue.deleted_at.is_(None))
        .correlate(Milestone)
        .scalar_subquery()
    )


_SHOWN: AnySelect = select(
    Milestone.id, Milestone.title, Milestone.description, Milestone.state, Milestone.due_on, Milestone.created_at,
    Milestone.closed_at, Milestone.version, _counted(State.OPEN), _counted(State.CLOSED),
)  # fmt: skip


def of_project(project_id: int, state: str | None) -> Sequence[MilestoneRow]:
    """The milestones of a project, the next one due first; with one state, or with all."""
    rows = read(_of_project(state is not None), {"project_id": project_id, "state": state})
    return [MilestoneRow(*row) for row in rows]


@cache
def _of_project(in_a_state: bool) -> Built:
    statement = _SHOWN.where(Milestone.project_id == bindparam("project_id"))
    if in_a_state:
        statement = statement.where(Milestone.state == bindparam("state"))
    order = Milestone.state.desc(), Milestone.due_on.asc().nulls_last(), Milestone.sort_key
    return Built(statement.order_by(*order))


_CURRENT = Built(
    _SHOWN.where(Milestone.project_id == bindparam("project_id"), Milestone.state == State.OPEN)
    .order_by(Milestone.due_on.asc().nulls_last(), Milestone.sort_key)
    .limit(1)
)


def current(project_id: int) -> MilestoneRow | None:
    """The open milestone that is due next."""
    row = read(_CURRENT, {"project_id": project_id}).one_or_none()
    return MilestoneRow(*row) if row else None


_CHOICES = Built(
    select(Milestone.id, Milestone.title)
    .where(Milestone.project_id == bindparam("project_id"), Milestone.state == State.OPEN)
    .order_by(Milestone.due_on.asc().nulls_last(), Milestone.sort_key)
    .limit(200)
)


def choices(project_id: int) -> Sequence[MilestoneRef]:
    """The milestones that an issue can be given: the open ones, the next one due first."""
    return [MilestoneRef(*row) for row in read(_CHOICES, {"project_id": project_id})]


def numbered(project_id: int, milestone_id: int) -> MilestoneRow | None:
    row = read(_SHOWN.where(Milestone.project_id == project_id, Milestone.id == milestone_id)).one_or_none()
    return MilestoneRow(*row) if row else None


def one(project_id: int, milestone_id: int) -> Milestone | None:
    return db.session.scalar(
        select(Milestone).where(Milestone.project_id == project_id, Milestone.id == milestone_id)
    )


def locked(project_id: int, milestone_ids: Collection[int], *, ending: bool = False) -> dict[int, Milestone]:
    """The milestones to change by their ids, locked in this order until the transaction ends.

    Only where one ends, others cannot give it to issues meanwhile either.
    """
    those = Milestone.project_id == project_id, Milestone.id.in_(milestone_ids)
    rows = select(Milestone).where(*those).order_by(Milestone.id).with_for_update(key_share=not ending)
    return {row.id: row for row in db.session.scalars(rows.execution_options(populate_existing=True))}


def titled(project_id: int, title: str) -> Milestone | None:
    """The milestone with this title, in any case."""
    return db.session.scalar(
        select(Milestone).where(Milestone.project_id == project_id, func.lower(Milestone.title) == func.lower(title))
    )


def add(milestone: Milestone) -> None:
    db.session.add(milestone)
    db.session.flush()


def flush() -> None:
    db.session.flush()


def remove(milestone: Milestone) -> None:
    db.session.delete(milestone)
    db.session.flush()
