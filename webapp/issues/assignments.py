"""Queries about what somebody is assigned to."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update

from webapp.db import db
from webapp.issues.models import Issue, IssueAssignee, State


def open_ones(project_id: int, user_id: int) -> Sequence[int]:
    """The ids of the open issues of a project that somebody is assigned to, locked until the transaction ends."""
    return db.session.scalars(
        select(Issue.id)
        .join(IssueAssignee, IssueAssignee.issue_id == Issue.id)
        .where(Issue.project_id == project_id, Issue.state == State.OPEN, IssueAssignee.user_id == user_id)
        .order_by(Issue.id)
        .with_for_update(of=Issue)
    ).all()


def take(user_id: int, issue_ids: Sequence[int]) -> None:
    """Take these issues from somebody."""
    db.session.execute(
        delete(IssueAssignee).where(IssueAssignee.user_id == user_id, IssueAssignee.issue_id.in_(issue_ids))
    )
    db.session.execute(
        update(Issue).where(Issue.id.in_(issue_ids)).values(version=Issue.version + 1, updated_at=func.now())
    )
