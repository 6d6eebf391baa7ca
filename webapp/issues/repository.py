from collections.abc import Sequence
from datetime import timedelta
from typing import cast

from sqlalchemy import ARRAY, BigInteger, Table, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.orm import aliased

from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect, db
from webapp.issues.rows import DETAILED, IssueDetail, LabelRow, Stake, detailed, stake, staked
from webapp.models.accounts import User
from webapp.models.issues import Issue, IssueAlias, IssueAssignee, IssueLabel
from webapp.models.labels import Label
from webapp.models.projects import Membership
from webapp.reading import Built, read
from webapp.text.cache import Made, storing

_OF_NUMBER = (Issue.project_id == bindparam("project_id"), Issue.number == bindparam("number"))
_NUMBERED = Built(DETAILED.where(*_OF_NUMBER))
_STAKED = Built(staked(bindparam("viewer_id", type_=BigInteger)).where(*_OF_NUMBER))
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


def numbered_for(project_id: int, number: int, viewer_id: int) -> tuple[IssueDetail, Stake] | None:
    """The same, and how somebody stands to it."""
    row = read(_STAKED, {"project_id": project_id, "number": number, "viewer_id": viewer_id}).one_or_none()
    return (detailed(row[:-4], is_alone=row[-1]), stake(*row[-4:-1])) if row else None


def hold(project_id: int, number: int) -> bool:
    """Let nobody else change an issue until the transaction ends; False for one in the trash."""
    return read(_HOLDING, {"project_id": project_id, "number": number}).first() is not None


def locked(project_id: int, number: int) -> Issue | None:
    """The issue to change, locked until the transaction ends; None for one in the trash."""
    return db.session.scalar(
        _LOCKED.where(Issue.project_id == project_id, Issue.number == number, Issue.deleted_at.is_(None))
    )


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


def purge(kept: timedelta, limit: int) -> Sequence[int]:
    """Delete for good what has been in the trash for longer; the ids of these issues."""
    old = select(Issue.id).where(Issue.deleted_at < func.now() - kept).limit(limit).with_for_update(skip_locked=True)
    return db.session.scalars(delete(Issue).where(Issue.id.in_(old)).returning(Issue.id)).all()


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


_MEMBERS = Built(
    select(User.id, User.name)
    .join(Membership, User.id == Membership.user_id)
    .where(
        Membership.project_id == bindparam("project_id"),
        Membership.user_id == func.any(bindparam("user_ids", type_=ARRAY(BigInteger))),
        User.is_active,
    )
    .order_by(User.sort_key, User.id)
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


def labels_behind() -> Sequence[int]:
    """The labels with ties that do not tell when their issues were made."""
    lacking = exists().where(IssueLabel.label_id == Label.id, IssueLabel.issue_created_at.is_(None))
    return db.session.scalars(select(Label.id).where(lacking).order_by(Label.id)).all()


def tell_ties(label_id: int, limit: int) -> int:
    """Let the next such ties of a label tell that, but those that somebody holds; returns how many."""
    tie = aliased(IssueLabel)
    lacking = (
        select(tie.issue_id)
        .where(tie.label_id == label_id, tie.issue_created_at.is_(None))
        .order_by(tie.issue_id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
        .cte("lacking")
    )
    told = (
        update(IssueLabel)
        .where(IssueLabel.label_id == label_id, IssueLabel.issue_id == lacking.c.issue_id)
        .where(Issue.id == IssueLabel.issue_id)
        .values(issue_created_at=Issue.created_at)
        .returning(IssueLabel.issue_id)
        .cte("told")
    )
    return db.session.scalar(select(func.count()).select_from(told)) or 0
