"""A milestone as pages and services know it, and how it is read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.db import AnySelect
from webapp.models.issues import Issue, State
from webapp.models.milestones import Milestone
from webapp.reading import Lines


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


# All issues: those that whoever asks does not see are taken off again.
_WHOLE = aliased(Issue, name=eyes.WHOLE)


def _counted(state: State) -> Any:
    """How many issues of a milestone are in this state, counted in an index.

    Whether somebody sees an issue stands in its row alone. So all are counted, and of the private ones, which have a
    small index of their own, those that are seen instead of those that there are.
    """
    return _number(_WHOLE, state) - _private(_WHOLE, state) + _private(Issue, state)


def _private(issue: Any, state: State) -> Any:
    return _number(issue, state, issue.private, issue.project_id == Milestone.project_id)


def _number(issue: Any, state: State, *more: Any) -> Any:
    its = issue.milestone_id == Milestone.id, issue.state == state, issue.deleted_at.is_(None)
    return select(func.count()).where(*its, *more).correlate(Milestone).scalar_subquery()


SHOWN: AnySelect = select(
    Milestone.id, Milestone.title, Milestone.description, Milestone.state, Milestone.due_on, Milestone.created_at,
    Milestone.closed_at, Milestone.version, _counted(State.OPEN), _counted(State.CLOSED),
)  # fmt: skip


def next_due(project_id: Any) -> Lines[MilestoneRow]:
    """The open milestone of a project that is due next, as a part of a statement."""
    where = Milestone.project_id == project_id, Milestone.state == State.OPEN
    order = Milestone.due_on.asc().nulls_last(), Milestone.sort_key
    return Lines(SHOWN.where(*where).order_by(*order).limit(1), lambda row: MilestoneRow(*row), 100)
