"""How an issue is read: typed rows of just the columns that a list or a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, not_, or_, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.issues import Issue, IssueAssignee, IssueLabel, IssueLink, Priority
from webapp.models.labels import Label
from webapp.models.milestones import Milestone
from webapp.models.projects import Project
from webapp.models.references import Mention, Reference
from webapp.models.statuses import Status
from webapp.models.watching import IssueWatch, Level


@dataclass(frozen=True, slots=True)
class Thing:
    """What a name in a query stands for."""

    kind: str
    name: str
    id: int


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

    @classmethod
    def of(cls, project_key: str, issue: Issue) -> "ParentRef":
        return cls(issue.number, f"{project_key}-{issue.number}", issue.title, issue.state)


@dataclass(frozen=True, slots=True)
class Typed:
    """Those fields of an issue that are stored and told as they were typed: first in whatever reads an issue."""

    title: str
    private: bool
    resolution_note: str | None
    start_on: date | None
    due_on: date | None
    estimate: int | None


@dataclass(frozen=True, slots=True)
class IssueRow(Typed):
    id: int
    number: int
    project_id: int
    project_key: str
    state: str
    close_reason: str | None
    priority: Priority
    status: str
    status_category: str
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
    reactions: tuple[int, ...]  # how many there are of each feeling; empty if there are none

    @property
    def key(self) -> str:
        return f"{self.project_key}-{self.number}"

    @property
    def reaction_count(self) -> int:
        return sum(self.reactions)

    @property
    def votes(self) -> int:
        """How many are for it."""
        return self.reactions[0] if self.reactions else 0

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class Stake:
    """How somebody stands to an issue: what they chose to hear of it, whether they commented, or a text names them.

    Whether it is theirs the issue tells itself.
    """

    level: Level | None
    commented: bool
    named: bool


@dataclass(frozen=True, slots=True)
class IssueDetail(IssueRow):
    """An issue with its text.

    `is_alone`: no other is tied to it, and no text elsewhere names it, so that neither need be asked for. Known only
    where it was read together with the issue.
    """

    status_id: int
    body: str
    body_html: str
    html_version: int | None
    held: bool = False  # until it is approved
    is_alone: bool = field(default=False, compare=False)


def _labels() -> Any:
    """The labels of each issue as one JSON column: a join would repeat the issue for each label."""
    each = func.jsonb_build_array(Label.id, Label.name, Label.color, Label.description)
    return (
        select(func.coalesce(func.jsonb_agg(aggregate_order_by(each, Label.sort_key)), "[]", type_=JSONB))
        .join(IssueLabel, IssueLabel.label_id == Label.id)
        .where(IssueLabel.issue_id == Issue.id)
        .correlate(Issue)
        .scalar_subquery()
    )


def _assignees(*more: str) -> Any:
    """Those who have each issue, as arrays of a person's id, name, and more."""
    person = User.__table__.alias("assignee")
    each = func.jsonb_build_array(*(person.c[one] for one in ("id", "name", *more)))
    return (
        select(
            func.coalesce(func.jsonb_agg(aggregate_order_by(each, person.c.sort_key, person.c.id)), "[]", type_=JSONB)
        )
        .join(IssueAssignee, IssueAssignee.user_id == person.c.id)
        .where(IssueAssignee.issue_id == Issue.id)
        .correlate(Issue)
        .scalar_subquery()
    )


def _of(column: Any, key: Any) -> Any:
    """A column of the one row that an issue refers to.

    No join: with half a dozen of those the planner takes ten times as long as the whole list to be read.
    """
    return select(column).where(column.class_.id == key).correlate(Issue).scalar_subquery()


def _author() -> Any:
    """What the author is called, and the file of their picture, as one column."""
    told = func.jsonb_build_array(User.name, User.avatar, type_=JSONB)
    return select(told).where(User.id == Issue.author_id).correlate(Issue).scalar_subquery()


def _parent() -> Any:
    parent = aliased(Issue)
    told = func.jsonb_build_array(parent.number, parent.title, parent.state, type_=JSONB)
    there = parent.id == Issue.parent_id, parent.deleted_at.is_(None)
    return select(told).where(*there).correlate(Issue).scalar_subquery()


TYPED: tuple[Any, ...] = tuple(getattr(Issue, one.name) for one in fields(Typed))
_OWN = (
    *TYPED, Issue.id, Issue.number, Issue.project_id, _of(Project.key, Issue.project_id), Issue.state,
    Issue.close_reason, Issue.priority, _of(Status.name, Issue.status_id), _of(Status.category, Issue.status_id),
    Issue.created_at, Issue.updated_at, Issue.closed_at, Issue.comment_count, Issue.version,
)  # fmt: skip
_KEY = len(TYPED) + 3  # where a row has its project's
_AUTHOR = len(_OWN)  # where a row has the author's id, and then what they are called
_TIED = (
    Issue.author_id, _of(User.name, Issue.author_id), _labels(), _assignees(),
    Issue.milestone_id, _of(Milestone.title, Issue.milestone_id), _parent(),
    Issue.reactions,
)  # fmt: skip
# The same with people's pictures: an issue's own page shows them, a list has initials.
_PICTURED = (Issue.author_id, _author(), _labels(), _assignees("avatar"), *_TIED[4:])
# What is in the trash is in no list and on no page.
_THERE = Issue.deleted_at.is_(None)
LISTED: AnySelect = select(*_OWN, *_TIED).where(_THERE)
_DETAILS = (Issue.status_id, Issue.body, Issue.body_html, Issue.html_version)
DETAILED: AnySelect = select(*_OWN, *_PICTURED, *_DETAILS).where(_THERE)


# Where others are tied to an issue, or name it: those in the trash, too.
_TIES = (aliased(Issue).parent_id, IssueLink.source_id, IssueLink.target_id, Reference.target_issue_id)


def staked(viewer_id: Any) -> AnySelect:
    """The same, and how somebody stands to it, for `stake`, and last whether it is alone."""
    chosen = IssueWatch.issue_id == Issue.id, IssueWatch.user_id == viewer_id
    said = Comment.issue_id == Issue.id, Comment.author_id == viewer_id, Comment.deleted_at.is_(None)
    return DETAILED.add_columns(
        select(IssueWatch.level).where(*chosen).correlate(Issue).scalar_subquery(),
        exists().where(*said).correlate(Issue),
        exists().where(Mention.issue_id == Issue.id, Mention.user_id == viewer_id).correlate(Issue),
        not_(or_(Issue.parent_id.is_not(None), *(exists().where(one == Issue.id).correlate(Issue) for one in _TIES))),
    )


def listed(row: AnyRow) -> IssueRow:
    return IssueRow(*_read(row, Person(row[_AUTHOR], row[_AUTHOR + 1])))


def detailed(row: Sequence[Any], *, is_alone: bool = False) -> IssueDetail:
    own = _read(row, Person(row[_AUTHOR], *row[_AUTHOR + 1]))
    return IssueDetail(*(*own, *row[-4:], False, is_alone))  # what is held is found out elsewhere


def stake(level: str | None, commented: bool, named: bool) -> Stake:
    return Stake(Level(level) if level else None, commented, named)


_ITS_OWN, _WITH_IT = slice(len(_OWN)), slice(len(_OWN) + 2, len(_OWN) + len(_TIED))


def _read(row: Sequence[Any], author: Person) -> tuple[Any, ...]:
    own, tied = row[_ITS_OWN], row[_WITH_IT]
    labels, people, milestone, title, parent, reactions = tied
    return (
        *own,
        author,
        tuple([LabelRow(*label) for label in labels]),
        tuple([Person(*person) for person in people]),
        MilestoneRef(milestone, title) if milestone else None,
        ParentRef(parent[0], f"{own[_KEY]}-{parent[0]}", *parent[1:]) if parent else None,
        tuple(reactions),
    )
