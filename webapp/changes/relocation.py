"""Queries about many issues that go to another project."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, bindparam, case, column, delete, func, insert, select, update

from webapp.db import db
from webapp.issues.models import Issue, IssueAlias, IssueAssignee
from webapp.milestones.models import Milestone
from webapp.projects.models import Membership, Project
from webapp.reading import read


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue goes, and what it finds there."""

    id: int
    number: int
    status_id: int
    milestone_id: int | None


def next_numbers(project_id: int, count: int) -> int:
    """Take as many of the project's next numbers; returns the first of them."""
    taken = update(Project).where(Project.id == project_id).values(next_number=Project.next_number + count)
    return int(db.session.execute(taken.returning(Project.next_number - count)).scalar_one())


def remember_places(ids: Collection[int]) -> None:
    """Let the issues' numbers in their present project lead to them."""
    places = select(Issue.project_id, Issue.number, Issue.id).where(Issue.id == _any(ids))
    db.session.execute(insert(IssueAlias).from_select(["project_id", "number", "issue_id"], places))


def release_children(ids: Collection[int]) -> dict[int, int]:
    """Take those parts that do not come along out of the issues that do; returns what each was a part of."""
    staying = Issue.parent_id == _any(ids), Issue.id.not_in(select(func.unnest(_array(ids))))
    found = select(Issue.id, Issue.parent_id).where(*staying).order_by(Issue.id).with_for_update()
    parents = {child: parent for child, parent in read(found) if parent is not None}
    left = update(Issue).where(Issue.id == _any(parents))
    _execute(left.values(parent_id=None, version=Issue.version + 1))
    return parents


def settle(project_id: int, places: Sequence[Place]) -> None:
    """Give the issues their places in another project. Who comes along with its parent stays a part of it."""
    arrays = [_array([getattr(place, name) for place in places]) for name in Place.__slots__]
    columns = [column(name, BigInteger) for name in Place.__slots__]
    each = func.unnest(*arrays).table_valued(*columns, name="places").render_derived()
    values: dict[Any, Any] = {
        "project_id": project_id,
        "number": each.c.number,
        "status_id": each.c.status_id,
        "milestone_id": each.c.milestone_id,
        "parent_id": case((Issue.parent_id == _any([place.id for place in places]), Issue.parent_id)),
        "rank": None,
        "body_html": None,  # what it refers to by number is the project's
        "html_version": None,
        "version": Issue.version + 1,
        "updated_at": func.now(),
    }
    _execute(update(Issue).where(Issue.id == each.c.id).values(values))


def leave_strangers(ids: Collection[int], project_id: int) -> None:
    """Take the issues from those who are not members of the project."""
    members = select(Membership.user_id).where(Membership.project_id == project_id)
    _execute(delete(IssueAssignee).where(IssueAssignee.issue_id == _any(ids), IssueAssignee.user_id.not_in(members)))


def milestones(ids: Collection[int]) -> dict[int, str]:
    """The titles of the milestones that these issues have."""
    rows = select(Milestone.id, Milestone.title).join(Issue, Issue.milestone_id == Milestone.id)
    return dict(read(rows.where(Issue.id == _any(ids)).distinct()).all())


def _array(values: Collection[int | None]) -> Any:
    return bindparam(None, list(values), type_=ARRAY(BigInteger))


def _any(ids: Collection[int]) -> Any:
    return func.any(_array(ids))


def _execute(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
