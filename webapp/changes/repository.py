"""Queries about many issues at once. All who change them lock them by id, before labels and before projects."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from webapp.changes.rows import Row, WholeRow
from webapp.changes.where import Where
from webapp.db import AnySelect, db
from webapp.events.kinds import Moved
from webapp.models.accounts import User
from webapp.models.events import Event
from webapp.models.issues import Issue, IssueAssignee, IssueLabel, State
from webapp.models.labels import Label
from webapp.models.milestones import Milestone
from webapp.models.projects import Project
from webapp.models.statuses import Status
from webapp.reading import Built, among, read
from webapp.references import resolving

# As a row has them, without the text.
_ROWS: AnySelect = select(*(getattr(Issue, one.name) for one in fields(Row) if one.name != "body"))
_NUMBERED = Issue.project_id == bindparam("project_id"), Issue.number == bindparam("number")
_THERE = _ROWS.where(*_NUMBERED, Issue.deleted_at.is_(None)).with_for_update(key_share=True)
_WHOLE_ROWS: AnySelect = select(*(getattr(Issue, one.name) for one in fields(WholeRow)))
# Without the text, which may be long, and with all that is told of it.
_ONE = Built(_THERE)
_WHOLE = Built(_WHOLE_ROWS.where(*_NUMBERED, Issue.deleted_at.is_(None)).with_for_update(key_share=True))


def chosen(project_id: int, where: Any, numbers: Collection[int] | None) -> list[ColumnElement[bool]]:
    """The condition on issues that are asked for: by a query, by their numbers, also former ones, or by both."""
    conditions: list[Any] = [Issue.project_id == project_id, Issue.deleted_at.is_(None)]
    if where is not None:
        conditions.append(where)
    if numbers is not None:
        conditions.append(resolving.meant(project_id, numbers))
    return conditions


def count(chosen: Sequence[ColumnElement[bool]], limit: int) -> int:
    """How many issues these are, counted up to the limit."""
    found = select(Issue.id).where(*chosen).limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def one(project_id: int, number: int) -> Row | None:
    """The issue to change, which nobody else can until the transaction ends; None for one in the trash."""
    row = read(_ONE, {"project_id": project_id, "number": number}).one_or_none()
    return Row(*row) if row is not None else None


def whole(project_id: int, number: int) -> WholeRow | None:
    """The same with all that is told of it."""
    row = read(_WHOLE, {"project_id": project_id, "number": number}).one_or_none()
    return WholeRow(*row) if row is not None else None


def id_of(project_id: int, number: int) -> int | None:
    """The id of the issue with this number, also of one in the trash."""
    there = select(Issue.id).where(Issue.project_id == project_id, Issue.number == number)
    found: int | None = read(there).scalar_one_or_none()
    return found


def trashed(project_id: int, ids: Collection[int]) -> list[Row]:
    """The issues to restore, which nobody else can until the transaction ends."""
    those = Issue.project_id == project_id, among(Issue.id, ids), Issue.deleted_at.is_not(None)
    return [Row(*row) for row in read(_locking(_ROWS.where(*those)))]


def locked(chosen: Sequence[ColumnElement[bool]], limit: int) -> list[Row]:
    """The issues to change, which nobody else can until the transaction ends."""
    return [Row(*row) for row in read(_locking(_ROWS.where(*chosen)).limit(limit))]


def going(chosen: Sequence[ColumnElement[bool]]) -> list[Row]:
    """The issues to take to another project, held together with their parts, which may stay.

    No text can begin to name them meanwhile either: what it refers to them by becomes another key.
    """
    own = and_(*chosen)
    wholes = select(Issue.id).where(own).correlate(None)
    held = _ROWS.add_columns(own.label("goes")).where(or_(own, Issue.parent_id.in_(wholes)))
    return [Row(*row) for *row, goes in read(held.order_by(Issue.id).with_for_update(of=Issue)) if goes]


def hold(project_id: int, where: Where) -> list[int]:
    """The ids of the issues of which this holds; nobody else can change them until the transaction ends."""
    those = [Issue.project_id == project_id, *_conditions(where)]
    return list(read(_locking(select(Issue.id).where(*those))).scalars())


def held(project_id: int, where: Where, limit: int) -> list[Row]:
    """The same issues as they are, up to a limit."""
    return locked([Issue.project_id == project_id, *_conditions(where)], limit)


def is_any(project_id: int, where: Where) -> bool:
    """Whether there is an issue of which this holds."""
    those = [Issue.project_id == project_id, *_conditions(where)]
    return bool(read(select(exists().where(*those))).scalar())


def rows(ids: Collection[int]) -> list[Row]:
    """These issues, which are locked already."""
    return [Row(*row) for row in read(_ROWS.where(among(Issue.id, ids)).order_by(Issue.id))]


def _locking(issues: AnySelect) -> AnySelect:
    """The same in the order of all. Texts that name these issues can be written meanwhile."""
    return issues.order_by(Issue.id).with_for_update(of=Issue, key_share=True)


def _conditions(where: Where) -> list[ColumnElement[bool]]:
    carrying = select(IssueLabel.issue_id).where(IssueLabel.label_id == where.label_id)
    having = select(IssueAssignee.issue_id).where(IssueAssignee.user_id == where.assignee_id)
    conditions: list[tuple[bool, ColumnElement[bool]]] = [
        (where.status_id is not None, Issue.status_id == where.status_id),
        (where.milestone_id is not None, Issue.milestone_id == where.milestone_id),
        (where.label_id is not None, Issue.id.in_(carrying)),
        (where.assignee_id is not None, Issue.id.in_(having)),
        (where.is_open is not None, Issue.state == (State.OPEN if where.is_open else State.CLOSED)),
        (not where.with_trash, Issue.deleted_at.is_(None)),
    ]
    return [condition for is_asked, condition in conditions if is_asked]


def some(chosen: Sequence[ColumnElement[bool]], limit: int) -> list[Row]:
    """The issues that are asked for, as they are."""
    return [Row(*row) for row in read(_ROWS.where(*chosen).order_by(Issue.id).limit(limit))]


def ids(chosen: Sequence[ColumnElement[bool]], limit: int) -> list[int]:
    """The ids of the issues that are asked for."""
    return list(read(select(Issue.id).where(*chosen).order_by(Issue.id).limit(limit)).scalars())


def with_ids(project_id: int, ids: Collection[int]) -> list[ColumnElement[bool]]:
    """The condition on issues that are known by id and are still there."""
    return [among(Issue.id, ids), Issue.project_id == project_id, Issue.deleted_at.is_(None)]


def numbers(ids: Collection[int]) -> dict[int, int]:
    """The present numbers of these issues, wherever they are."""
    return dict(read(select(Issue.id, Issue.number).where(among(Issue.id, ids))).all())


def events_of(project_id: int, change: UUID, issue_id: int | None) -> Sequence[Event]:
    """The events of one change of issues of a project, or of one of these, oldest first."""
    statement = select(Event).where(Event.change_id == change, Event.project_id == project_id)
    those = Event.issue_id.is_not(None) if issue_id is None else Event.issue_id == issue_id
    return db.session.scalars(statement.where(those).order_by(Event.id)).all()


def moves_of(change: UUID) -> Sequence[Event]:
    """The events of one change that took issues to another project."""
    return db.session.scalars(select(Event).where(Event.change_id == change, Event.kind == Moved.kind)).all()


def kinds_after(change: UUID) -> dict[int | None, set[str]]:
    """What has happened since a change to each of the issues that it changed."""
    last = (
        select(Event.issue_id, func.max(Event.id).label("id"))
        .where(Event.change_id == change)
        .group_by(Event.issue_id)
        .subquery("last")
    )
    rows = read(
        select(Event.issue_id, Event.kind)
        .join(last, and_(Event.issue_id == last.c.issue_id, Event.id > last.c.id))
        .distinct()
    )
    kinds: dict[int | None, set[str]] = {}
    for issue_id, kind in rows:
        kinds.setdefault(issue_id, set()).add(kind)
    return kinds


def numbers_of(ids: Collection[int]) -> list[int]:
    """The same without saying whose they are."""
    return list(numbers(ids).values()) if ids else []


def milestones(ids: Collection[int]) -> dict[int, str]:
    """The titles of these milestones."""
    rows = read(select(Milestone.id, Milestone.title).where(among(Milestone.id, ids)))
    return dict(rows.all())


def statuses(ids: Collection[int]) -> dict[int, str]:
    """The names of these statuses."""
    return dict(read(select(Status.id, Status.name).where(among(Status.id, ids))).all())


def names(user_ids: Collection[int]) -> dict[int, str]:
    """The names of these people."""
    rows = read(select(User.id, User.name).where(among(User.id, user_ids)))
    return dict(rows.all())


def texts(ids: Collection[int]) -> dict[int, str]:
    """The descriptions of these issues."""
    return dict(read(select(Issue.id, Issue.body).where(among(Issue.id, ids))).all())


def count_labels(more: Mapping[int, int]) -> None:
    """Move the counters of labels: by how much, by the label's id."""
    moved = {id: by for id, by in more.items() if by}
    if moved:
        by = case(moved, value=Label.id)
        _execute(update(Label).where(Label.id.in_(moved)).values(issue_count=Label.issue_count + by))


def count_issues(project_id: int, *, opened: int, closed: int) -> None:
    """Move the project's counters, and its last activity to now."""
    counters = {
        "open_issues": Project.open_issues + opened,
        "closed_issues": Project.closed_issues + closed,
        "updated_at": func.now(),
    }
    _execute(update(Project).where(Project.id == project_id).values(counters))


def _execute(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
