from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import bindparam, func, select

from webapp.db import db
from webapp.issues.rows import MilestoneRef
from webapp.milestones.rows import SHOWN, MilestoneRow
from webapp.models.issues import State
from webapp.models.milestones import Milestone
from webapp.reading import Built, read


def of_project(project_id: int, state: str | None) -> Sequence[MilestoneRow]:
    """The milestones of a project, the next one due first; with one state, or with all."""
    rows = read(_of_project(state is not None), {"project_id": project_id, "state": state})
    return [MilestoneRow(*row) for row in rows]


@cache
def _of_project(in_a_state: bool) -> Built:
    statement = SHOWN.where(Milestone.project_id == bindparam("project_id"))
    if in_a_state:
        statement = statement.where(Milestone.state == bindparam("state"))
    order = Milestone.state.desc(), Milestone.due_on.asc().nulls_last(), Milestone.sort_key
    return Built(statement.order_by(*order))


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
    row = read(SHOWN.where(Milestone.project_id == project_id, Milestone.id == milestone_id)).one_or_none()
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
