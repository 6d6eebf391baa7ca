"""Queries about what the feeds of a list hold. `where` says which issues the list has."""

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any, cast

from sqlalchemy import Table, exists, func, select, true, tuple_

from webapp.db import AnyRow, AnySelect, db
from webapp.feeds.rows import DueMilestone, IssueText
from webapp.issues.rows import DETAILED, LISTED, IssueDetail, IssueRow, detailed, listed
from webapp.models.accounts import User
from webapp.models.comments import Comment
from webapp.models.issues import Issue, State
from webapp.models.milestones import Milestone
from webapp.models.projects import Project
from webapp.reading import read
from webapp.text.cache import Made, storing

Where = Any


def part(where: Where, after: IssueRow | None, limit: int, *, falling: bool) -> list[IssueRow]:
    """The issues that follow one in the order of their making."""
    return [listed(row) for row in _part(LISTED, where, after, limit, falling)]


def part_with_text(where: Where, after: IssueRow | None, limit: int, *, falling: bool) -> list[IssueText]:
    """The same with their texts."""
    return [_with_text(row) for row in _part(LISTED.add_columns(Issue.body), where, after, limit, falling)]


def number(where: Where) -> int:
    """How many issues there are."""
    found = select(Issue.id).where(where).subquery()
    return int(read(select(func.count()).select_from(found)).scalar_one())


def newest(where: Where, limit: int, *, by_activity: bool) -> list[IssueDetail]:
    """The issues that were made last, or that have the latest activity."""
    last = Issue.updated_at if by_activity else Issue.created_at
    newest_first = DETAILED.where(where).order_by(last.desc(), Issue.id.desc())
    return [detailed(row) for row in read(newest_first.limit(limit))]


def due(where: Where, limit: int) -> list[IssueRow]:
    """The open issues that have to be done by a day, the last day first."""
    open_ones = LISTED.where(where, Issue.state == State.OPEN, Issue.due_on.is_not(None))
    rows = read(open_ones.order_by(Issue.due_on.desc(), Issue.id.desc()).limit(limit))
    return [listed(row) for row in rows]


def due_milestones(where: Where, project_ids: Collection[int], limit: int, *, whole: bool) -> list[DueMilestone]:
    """The open milestones of the list's issues, or of its whole projects, that have a day; the last day first."""
    touched = true() if whole else exists().where(Issue.milestone_id == Milestone.id, where)
    statement: AnySelect = (
        select(
            Milestone.id, Project.key, Milestone.title, Milestone.description, Milestone.due_on,
            Milestone.created_at, Milestone.version,
        )
        .join(Project, Project.id == Milestone.project_id)
        .where(
            Milestone.project_id.in_(project_ids), Milestone.state == State.OPEN, Milestone.due_on.is_not(None),
            touched,
        )
        .order_by(Milestone.due_on.desc(), Milestone.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [DueMilestone(*row) for row in read(statement)]


def comments(issue_id: int, limit: int) -> Sequence[AnyRow]:
    """The last comments of an issue, the newest first."""
    return read(
        select(
            Comment.id, Comment.body, Comment.body_html, Comment.html_version, Comment.created_at,
            Comment.edited_at, Comment.version, Comment.reactions, Comment.private,
            User.id.label("author_id"), User.name.label("author_name"),
            User.avatar.label("author_avatar"),
        )
        .join(User, User.id == Comment.author_id)
        .where(Comment.issue_id == issue_id, Comment.deleted_at.is_(None))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(limit)
    ).all()  # fmt: skip


def store_html(made: Made) -> None:
    """Keep the HTML that was made of issues' texts."""
    db.session.execute(storing(cast(Table, Issue.__table__), made))


def _part(shown: AnySelect, where: Where, after: IssueRow | None, limit: int, falling: bool) -> Sequence[AnyRow]:
    order, statement = (Issue.created_at, Issue.id), shown.where(where)
    if after is not None:
        here, last = tuple_(*order), (after.created_at, after.id)
        statement = statement.where(here < last if falling else here > last)
    return read(statement.order_by(*(part.desc() if falling else part for part in order)).limit(limit)).all()


def _with_text(row: AnyRow) -> IssueText:
    issue = listed(row)
    return IssueText(**{field.name: getattr(issue, field.name) for field in fields(issue)}, body=row[-1])
