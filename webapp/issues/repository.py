from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, exists, func, insert, select, tuple_, update

from webapp.access import Viewer
from webapp.accounts.models import User
from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect, db
from webapp.issues import turns
from webapp.issues.models import Issue, IssueAlias, IssueAssignee, IssueLabel, IssueLink, Kind, State
from webapp.issues.rows import DETAILED, LISTED, IssueDetail, IssueRow, detailed, listed
from webapp.labels.models import Label
from webapp.milestones.models import Milestone
from webapp.paging import Place
from webapp.projects.models import Membership, Project
from webapp.projects.service import visible_to
from webapp.text.cache import Made, storing

_NUMBERED = DETAILED.where(Issue.project_id == bindparam("project_id"), Issue.number == bindparam("number"))
_LOCKED = select(Issue).with_for_update().execution_options(populate_existing=True)
SORTS: Mapping[str, tuple[Any, ...]] = {"created": (Issue.number,), "updated": (Issue.updated_at, Issue.id)}


def numbered(project_id: int, number: int) -> IssueDetail | None:
    row = db.session.execute(_NUMBERED, {"project_id": project_id, "number": number}).one_or_none()
    return detailed(row) if row else None


def matching(
    project_id: int, wanted: Mapping[str, Any], sort: str, at: Place | None, limit: int
) -> Sequence[IssueRow]:
    """The issues that fulfil all of `wanted`, in this order from a place on."""
    by, _, direction = sort.partition("-")
    order = SORTS[by]
    falling = (direction == "desc") != (at is not None and at.backwards)
    statement = _where(LISTED, project_id, wanted)
    if at is not None:
        statement = statement.where(tuple_(*order) < at.key if falling else tuple_(*order) > at.key)
    statement = statement.order_by(*(part.desc() if falling else part for part in order)).limit(limit)
    return [listed(row) for row in db.session.execute(statement)]


def count_matching(project_id: int, wanted: Mapping[str, Any], limit: int) -> int:
    """How many issues fulfil all of `wanted`, counted up to the limit."""
    found = _where(select(Issue.id).where(Issue.deleted_at.is_(None)), project_id, wanted).limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def latest_seen_by(viewer: Viewer | None, limit: int) -> Sequence[IssueRow]:
    """The issues with the newest activity in all projects that somebody sees.

    Each project gives its newest few by index; the newest of those are the answer.
    """
    newest = (
        select(Issue.id)
        .where(Issue.project_id == Project.id, Issue.deleted_at.is_(None))
        .order_by(Issue.updated_at.desc(), Issue.id.desc())
        .limit(limit)
        .correlate(Project)
        .lateral("newest")
    )
    seen = (
        select(Project.id).where(visible_to(viewer)).order_by(Project.updated_at.desc()).limit(100).subquery("seen")
    )
    ids = select(newest.c.id).select_from(Project).join(seen, seen.c.id == Project.id).join(newest, newest.c.id > 0)
    statement = LISTED.where(Issue.id.in_(ids)).order_by(Issue.updated_at.desc(), Issue.id.desc()).limit(limit)
    return [listed(row) for row in db.session.execute(statement)]


def next_number(project_id: int) -> int:
    """Take the project's next number; its row stays locked until the transaction ends."""
    taken = db.session.execute(
        update(Project)
        .where(Project.id == project_id)
        .values(next_number=Project.next_number + 1, open_issues=Project.open_issues + 1, updated_at=func.now())
        .returning(Project.next_number - 1)
    )
    return int(taken.scalar_one())


def add(issue: Issue) -> None:
    db.session.add(issue)
    db.session.flush()


def locked(project_id: int, number: int) -> Issue | None:
    """The issue to change, locked until the transaction ends; None for one in the trash."""
    return db.session.scalar(
        _LOCKED.where(Issue.project_id == project_id, Issue.number == number, Issue.deleted_at.is_(None))
    )


def locked_in_trash(project_id: int, number: int) -> Issue | None:
    """The issue to restore, locked until the transaction ends."""
    return db.session.scalar(
        _LOCKED.where(Issue.project_id == project_id, Issue.number == number, Issue.deleted_at.is_not(None))
    )


def trashed(project_id: int, number: int) -> AnyRow | None:
    """Who put the issue with this number into the trash, and when."""
    return db.session.execute(
        select(Issue.deleted_at, User.name.label("deleted_by"))
        .join(User, User.id == Issue.deleted_by)
        .where(Issue.project_id == project_id, Issue.number == number)
    ).one_or_none()


def moved(project_id: int, number: int) -> tuple[int, int] | None:
    """(project, number) of the issue that had this number before it left the project."""
    row = db.session.execute(
        select(Issue.project_id, Issue.number)
        .join(IssueAlias, IssueAlias.issue_id == Issue.id)
        .where(IssueAlias.project_id == project_id, IssueAlias.number == number)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def remember_place(issue: Issue) -> None:
    """Let the issue's number in its present project lead to it."""
    db.session.add(IssueAlias(project_id=issue.project_id, number=issue.number, issue_id=issue.id))


def release_children(issue_id: int) -> None:
    """Take the issue's parts out of it."""
    db.session.execute(
        update(Issue).where(Issue.parent_id == issue_id).values(parent_id=None, version=Issue.version + 1)
    )


def brief(project_id: int, number: int) -> AnyRow | None:
    """What names an issue: its id, number, title and state."""
    return db.session.execute(
        select(Issue.id, Issue.number, Issue.title, Issue.state).where(
            Issue.project_id == project_id, Issue.number == number, Issue.deleted_at.is_(None)
        )
    ).one_or_none()


def open_children(issue_id: int) -> list[str]:
    """The keys of the open issues that are part of this one."""
    rows = db.session.scalars(
        select(func.concat(Project.key, "-", Issue.number))
        .select_from(Issue)
        .join(Project, Project.id == Issue.project_id)
        .where(Issue.parent_id == issue_id, Issue.state == State.OPEN, Issue.deleted_at.is_(None))
        .order_by(Issue.number)
        .limit(100)
    )
    return list(rows)


def open_blockers(issue_id: int, viewer: Viewer) -> list[str]:
    """The keys of the open issues that block this one, as far as somebody sees them."""
    rows = db.session.scalars(
        select(func.concat(Project.key, "-", Issue.number))
        .select_from(Issue)
        .join(IssueLink, IssueLink.source_id == Issue.id)
        .join(Project, Project.id == Issue.project_id)
        .where(
            IssueLink.target_id == issue_id,
            IssueLink.kind == Kind.BLOCKS,
            Issue.state == State.OPEN,
            Issue.deleted_at.is_(None),
        )
        .where(visible_to(viewer))
        .order_by(Issue.id)
        .limit(100)
    )
    return list(rows)


def flush() -> None:
    db.session.flush()


def purge(kept: timedelta, limit: int) -> int:
    """Delete for good what has been in the trash for longer; returns how many issues that were."""
    old = select(Issue.id).where(Issue.deleted_at < func.now() - kept).limit(limit).with_for_update(skip_locked=True)
    gone = db.session.execute(delete(Issue).where(Issue.id.in_(old)).returning(Issue.id))
    return len(gone.all())


def touch_project(project_id: int, *, opened: int = 0, closed: int = 0) -> None:
    """Move the project's counters, and its last activity to now."""
    db.session.execute(
        update(Project)
        .where(Project.id == project_id)
        .values(
            open_issues=Project.open_issues + opened,
            closed_issues=Project.closed_issues + closed,
            updated_at=func.now(),
        )
    )


def tie_labels(issue_id: int, label_ids: Sequence[int]) -> None:
    if label_ids:
        db.session.execute(insert(IssueLabel), [{"issue_id": issue_id, "label_id": id} for id in label_ids])
        _count_labels(label_ids, 1)


def untie_labels(issue_id: int, label_ids: Sequence[int]) -> None:
    if label_ids:
        tied = IssueLabel.issue_id == issue_id, IssueLabel.label_id.in_(label_ids)
        db.session.execute(delete(IssueLabel).where(*tied))
        _count_labels(label_ids, -1)


def set_assignees(issue_id: int, user_ids: Sequence[int]) -> None:
    db.session.execute(delete(IssueAssignee).where(IssueAssignee.issue_id == issue_id))
    if user_ids:
        db.session.execute(insert(IssueAssignee), [{"issue_id": issue_id, "user_id": id} for id in user_ids])


def members(project_id: int, user_ids: Sequence[int]) -> set[int]:
    """Which of these people are members of the project."""
    return set(
        db.session.scalars(
            select(Membership.user_id).where(Membership.project_id == project_id, Membership.user_id.in_(user_ids))
        )
    )


def people(project_id: int) -> Sequence[Person]:
    """The members of the project, by name."""
    rows = db.session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project_id, User.is_active)
        .order_by(func.lower(User.name), User.id)
    )
    return [Person(*row) for row in rows]


def names(user_ids: Sequence[int]) -> dict[int, str]:
    """The names of these people."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return dict(rows.tuples().all())


def called(project_id: int, ids: Mapping[str, int]) -> dict[str, str | None]:
    """What a project's `author`, `assignee` and `milestone` with these ids are called; None for one of elsewhere."""
    opened = exists().where(Issue.project_id == project_id, Issue.author_id == User.id)
    here = select(Issue.id).where(Issue.project_id == project_id)
    assigned = exists().where(IssueAssignee.user_id == User.id, IssueAssignee.issue_id.in_(here))
    ways = {
        "author": select(User.name).where(User.id == ids.get("author"), opened),
        "assignee": select(User.name).where(User.id == ids.get("assignee"), assigned),
        "milestone": select(Milestone.title).where(
            Milestone.id == ids.get("milestone"), Milestone.project_id == project_id
        ),
    }
    row = db.session.execute(select(*(ways[name].scalar_subquery() for name in ids))).one()
    return dict(zip(ids, row, strict=True))


def store_html(made: Made) -> None:
    """Keep the HTML that was made of issues' texts."""
    db.session.execute(storing(cast(Table, Issue.__table__), made))


def database_now() -> datetime:
    """The database's clock: the one that all business times come from."""
    return db.session.execute(select(func.now())).scalar_one()


def count_labels_of(issue_id: int, by: int) -> None:
    """Count an issue in or out at all labels that it carries."""
    carried = db.session.scalars(select(IssueLabel.label_id).where(IssueLabel.issue_id == issue_id)).all()
    if carried:
        turns.take_labels(carried)
        _count_labels(carried, by)


def _count_labels(label_ids: Sequence[int], by: int) -> None:
    db.session.execute(update(Label).where(Label.id.in_(label_ids)).values(issue_count=Label.issue_count + by))


def _where(statement: AnySelect, project_id: int, wanted: Mapping[str, Any]) -> AnySelect:
    statement = statement.where(Issue.project_id == project_id)
    if "state" in wanted:
        statement = statement.where(Issue.state == wanted["state"])
    if "author" in wanted:
        statement = statement.where(Issue.author_id == wanted["author"])
    if "priority" in wanted:
        statement = statement.where(Issue.priority.in_(wanted["priority"]))
    if "milestone" in wanted:
        statement = statement.where(Issue.milestone_id == wanted["milestone"])
    if "status" in wanted:
        statement = statement.where(Issue.status_id.in_(wanted["status"]))
    for label_id in wanted.get("labels", ()):
        carrying = select(IssueLabel.issue_id).where(IssueLabel.label_id == label_id)
        statement = statement.where(Issue.id.in_(carrying))
    if "assignee" in wanted:
        assigned = select(IssueAssignee.issue_id).where(IssueAssignee.user_id == wanted["assignee"])
        statement = statement.where(Issue.id.in_(assigned))
    return statement
