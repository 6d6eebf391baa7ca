"""How an issue is read: typed rows of just the columns that a list or a page shows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from webapp.accounts.models import User
from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect
from webapp.issues.models import Issue, IssueAssignee, IssueLabel, Priority
from webapp.labels.models import Label
from webapp.milestones.models import Milestone
from webapp.projects.models import Project
from webapp.statuses.models import Status


@dataclass(frozen=True, slots=True)
class LabelRow:
    id: int
    name: str
    color: str
    description: str


@dataclass(frozen=True, slots=True)
class MilestoneRef:
    id: int
    title: str


@dataclass(frozen=True, slots=True)
class ParentRef:
    """The issue that another one is a part of."""

    number: int
    key: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class IssueRow:
    id: int
    number: int
    project_id: int
    project_key: str
    title: str
    state: str
    close_reason: str | None
    priority: Priority
    status: str
    status_category: str
    start_on: date | None
    due_on: date | None
    estimate: int | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    comment_count: int
    version: int
    author: Person
    labels: tuple[LabelRow, ...]
    assignees: tuple[Person, ...]
    milestone: MilestoneRef | None
    parent: ParentRef | None

    @property
    def key(self) -> str:
        return f"{self.project_key}-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class IssueDetail(IssueRow):
    """An issue with its text."""

    body: str
    body_html: str
    html_version: int | None


def _labels() -> Any:
    """The labels of each issue as one JSON column: a join would repeat the issue for each label."""
    each = func.jsonb_build_array(Label.id, Label.name, Label.color, Label.description)
    return (
        select(func.coalesce(func.jsonb_agg(aggregate_order_by(each, func.lower(Label.name))), "[]", type_=JSONB))
        .join(IssueLabel, IssueLabel.label_id == Label.id)
        .where(IssueLabel.issue_id == Issue.id)
        .correlate(Issue)
        .scalar_subquery()
    )


def _assignees() -> Any:
    person = User.__table__.alias("assignee")
    each = func.jsonb_build_array(person.c.id, person.c.name)
    return (
        select(func.coalesce(func.jsonb_agg(aggregate_order_by(each, person.c.name)), "[]", type_=JSONB))
        .join(IssueAssignee, IssueAssignee.user_id == person.c.id)
        .where(IssueAssignee.issue_id == Issue.id)
        .correlate(Issue)
        .scalar_subquery()
    )


_OWN = (
    Issue.id, Issue.number, Issue.project_id, Project.key, Issue.title, Issue.state, Issue.close_reason,
    Issue.priority, Status.name, Status.category, Issue.start_on, Issue.due_on, Issue.estimate, Issue.created_at,
    Issue.updated_at, Issue.closed_at, Issue.comment_count, Issue.version,
)  # fmt: skip
_PARENT = aliased(Issue)
# What is in the trash is in no list and on no page.
LISTED: AnySelect = (
    select(
        *_OWN, User.id, User.name, _labels(), _assignees(),
        Milestone.id, Milestone.title, _PARENT.number, _PARENT.title, _PARENT.state,
    )
    .join(Project, Project.id == Issue.project_id)
    .join(User, User.id == Issue.author_id)
    .join(Status, Status.id == Issue.status_id)
    .outerjoin(Milestone, Milestone.id == Issue.milestone_id)
    .outerjoin(_PARENT, and_(_PARENT.id == Issue.parent_id, _PARENT.deleted_at.is_(None)))
    .where(Issue.deleted_at.is_(None))
)  # fmt: skip
DETAILED: AnySelect = LISTED.add_columns(Issue.body, Issue.body_html, Issue.html_version)


def listed(row: AnyRow) -> IssueRow:
    return IssueRow(*_read(row))


def detailed(row: AnyRow) -> IssueDetail:
    return IssueDetail(*(*_read(row), *row[-3:]))


def _read(row: AnyRow) -> tuple[Any, ...]:
    own = len(_OWN)
    labels = tuple(LabelRow(*label) for label in row[own + 2])
    people = tuple(Person(*person) for person in row[own + 3])
    milestone, milestone_title, parent, parent_title, parent_state = row[own + 4 : own + 9]
    return (
        *row[:own],
        Person(row[own], row[own + 1]),
        labels,
        people,
        MilestoneRef(milestone, milestone_title) if milestone else None,
        ParentRef(parent, f"{row[3]}-{parent}", parent_title, parent_state) if parent else None,
    )
