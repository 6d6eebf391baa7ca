from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ARRAY, BigInteger, Table, bindparam, delete, func, insert, select, update

from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect, db
from webapp.issues import locks
from webapp.issues.rows import DETAILED, IssueDetail, LabelRow, detailed
from webapp.models.accounts import User
from webapp.models.issues import Issue, IssueAlias, IssueAssignee, IssueLabel
from webapp.models.labels import Label
from webapp.models.projects import Membership
from webapp.reading import Built, read
from webapp.text.cache import Made, storing

_NUMBERED = Built(DETAILED.where(Issue.project_id == bindparam("project_id"), Issue.number == bindparam("number")))
_HOLDING = Built(
    select(Issue.id)
    .where(Issue.project_id == bindparam("project_id"), Issue.number == bindparam("number"))
    .where(Issue.deleted_at.is_(None))
    .with_for_update(key_share=True)
)
_LOCKED = select(Issue).with_for_update().execution_options(populate_existing=True)


def numbered(project_id: int, number: int) -> IssueDetail | None:
    row = read(_NUMBERED, {"project_id": project_id, "number": number}).one_or_none()
    return detailed(row) if row else None


def hold(project_id: int, number: int) -> bool:
    """Let nobody else change an issue until the transaction ends; False for one in the trash."""
    return read(_HOLDING, {"project_id": project_id, "number": number}).first() is not None


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


def text_in_trash(project_id: int, number: int) -> str | None:
    """The text of an issue to restore."""
    there = Issue.project_id == project_id, Issue.number == number, Issue.deleted_at.is_not(None)
    return read(select(Issue.body).where(*there)).scalar_one_or_none()


def trashed(project_id: int, number: int) -> AnyRow | None:
    """Who put the issue with this number into the trash, and when."""
    return read(
        select(Issue.deleted_at, User.name.label("deleted_by"))
        .join(User, User.id == Issue.deleted_by)
        .where(Issue.project_id == project_id, Issue.number == number)
    ).one_or_none()


def moved(project_id: int, number: int) -> tuple[int, int] | None:
    """(project, number) of the issue that had this number before it left the project."""
    row = read(
        select(Issue.project_id, Issue.number)
        .join(IssueAlias, IssueAlias.issue_id == Issue.id)
        .where(IssueAlias.project_id == project_id, IssueAlias.number == number)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def remember_place(issue: Issue) -> None:
    """Let the issue's number in its present project lead to it."""
    db.session.add(IssueAlias(project_id=issue.project_id, number=issue.number, issue_id=issue.id))


def release_children(issue_id: int) -> Sequence[int]:
    """Take the issue's parts out of it; returns their ids."""
    left = update(Issue).where(Issue.parent_id == issue_id).values(parent_id=None, version=Issue.version + 1)
    return db.session.scalars(left.returning(Issue.id)).all()


def flush() -> None:
    db.session.flush()


def purge(kept: timedelta, limit: int) -> int:
    """Delete for good what has been in the trash for longer; returns how many issues that were."""
    old = select(Issue.id).where(Issue.deleted_at < func.now() - kept).limit(limit).with_for_update(skip_locked=True)
    gone = db.session.execute(delete(Issue).where(Issue.id.in_(old)).returning(Issue.id))
    return len(gone.all())


def _tying() -> AnySelect:
    """Ties labels to an issue, and counts it at them; what it is told with."""
    label_ids = bindparam("label_ids", type_=ARRAY(BigInteger))
    each = select(bindparam("issue_id", type_=BigInteger), func.unnest(label_ids))
    tied = insert(IssueLabel).from_select(["issue_id", "label_id"], each).cte("tied")
    those = Label.id == func.any(label_ids)
    counted = update(Label).where(those).values(issue_count=Label.issue_count + 1).cte("counted")
    told = select(Label.id, Label.name, Label.color, Label.description).where(those)
    return told.order_by(Label.sort_key).add_cte(tied, counted)


_TYING = Built(_tying())


def tie_labels(issue_id: int, label_ids: Sequence[int]) -> tuple[LabelRow, ...]:
    """Tie labels to an issue; returns them by name."""
    if not label_ids:
        return ()
    return tuple(LabelRow(*row) for row in read(_TYING, {"issue_id": issue_id, "label_ids": list(label_ids)}))


def _untying() -> AnySelect:
    """Takes labels from an issue, and counts that at them."""
    label_ids = bindparam("label_ids", type_=ARRAY(BigInteger))
    tied = IssueLabel.issue_id == bindparam("issue_id"), IssueLabel.label_id == func.any(label_ids)
    untied = delete(IssueLabel).where(*tied).returning(IssueLabel.label_id).cte("untied")
    fewer = update(Label).where(Label.id == func.any(label_ids)).values(issue_count=Label.issue_count - 1)
    return select(untied.c.label_id).add_cte(fewer.cte("counted"))


_UNTYING = Built(_untying())


def untie_labels(issue_id: int, label_ids: Sequence[int]) -> None:
    if label_ids:
        read(_UNTYING, {"issue_id": issue_id, "label_ids": list(label_ids)})


def set_assignees(issue_id: int, user_ids: Sequence[int]) -> None:
    db.session.execute(delete(IssueAssignee).where(IssueAssignee.issue_id == issue_id))
    assign(issue_id, user_ids)


def _assigning() -> AnySelect:
    """Takes some people from an issue and gives it others."""
    added, removed = (bindparam(name, type_=ARRAY(BigInteger)) for name in ("added", "removed"))
    issue_id = bindparam("issue_id", type_=BigInteger)
    left = delete(IssueAssignee).where(IssueAssignee.issue_id == issue_id, IssueAssignee.user_id == func.any(removed))
    came = insert(IssueAssignee).from_select(["issue_id", "user_id"], select(issue_id, func.unnest(added)))
    came_by = came.returning(IssueAssignee.user_id).cte("came")
    return select(came_by.c.user_id).add_cte(left.cte("went"))


_ASSIGNING = Built(_assigning())


def assign(issue_id: int, added: Sequence[int], removed: Sequence[int] = ()) -> None:
    if added or removed:
        read(_ASSIGNING, {"issue_id": issue_id, "added": list(added), "removed": list(removed)})


def members(project_id: int, user_ids: Sequence[int]) -> set[int]:
    """Which of these people are members of the project."""
    return set(
        db.session.scalars(
            select(Membership.user_id).where(Membership.project_id == project_id, Membership.user_id.in_(user_ids))
        )
    )


_MEMBERS = Built(
    select(User.id, User.name)
    .join(Membership, User.id == Membership.user_id)
    .where(
        Membership.project_id == bindparam("project_id"),
        Membership.user_id == func.any(bindparam("user_ids", type_=ARRAY(BigInteger))),
        User.is_active,
    )
    .order_by(User.sort_key)
    .with_for_update(read=True, key_share=True, of=Membership)
)


def active_members(project_id: int, user_ids: Sequence[int]) -> Sequence[Person]:
    """Those of these people who are members of the project and can log in, by name.

    They stay members until the transaction ends.
    """
    return [Person(*row) for row in read(_MEMBERS, {"project_id": project_id, "user_ids": list(user_ids)})]


def people(project_id: int) -> Sequence[Person]:
    """The members of the project, by name."""
    rows = read(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.project_id == project_id, User.is_active)
        .order_by(User.sort_key, User.id)
    )
    return [Person(*row) for row in rows]


def store_html(made: Made) -> None:
    """Keep the HTML that was made of issues' texts."""
    db.session.execute(storing(cast(Table, Issue.__table__), made))


def database_now() -> datetime:
    """The database's clock: the one that all business times come from."""
    return cast(datetime, read(select(func.now())).scalar_one())


def count_labels_of(issue_id: int, by: int) -> None:
    """Count an issue in or out at all labels that it carries."""
    carried = db.session.scalars(select(IssueLabel.label_id).where(IssueLabel.issue_id == issue_id)).all()
    if carried:
        locks.take_labels(carried)
        _count_labels(carried, by)


def _count_labels(label_ids: Sequence[int], by: int) -> None:
    db.session.execute(update(Label).where(Label.id.in_(label_ids)).values(issue_count=Label.issue_count + by))
