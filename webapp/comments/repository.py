from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    Uuid,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    text,
    true,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect, db
from webapp.events import writing as events
from webapp.events.kinds import Commented
from webapp.models.accounts import User
from webapp.models.attachments import Attachment
from webapp.models.comments import Comment
from webapp.models.history import TextVersion
from webapp.models.issues import Issue
from webapp.models.reactions import Reaction
from webapp.paging import Place
from webapp.projects.holding import asking, standing
from webapp.reading import Built, read
from webapp.text.cache import Made, storing

_SHOWN = select(
    Comment.id, Comment.body, Comment.body_html, Comment.html_version, Comment.created_at, Comment.edited_at,
    Comment.version, Comment.deleted_at, Comment.reactions, Comment.private,
    User.id.label("author_id"), User.name.label("author_name"), User.avatar.label("author_avatar"),
).join(User, User.id == Comment.author_id)  # fmt: skip
_NUMBERED = Built(_SHOWN.where(Comment.issue_id == bindparam("issue_id"), Comment.id == bindparam("comment_id")))
_LOCKED = select(Comment).with_for_update().execution_options(populate_existing=True)


def of_issue(issue_id: int, at: Place | None, limit: int) -> Sequence[AnyRow]:
    """The comments of an issue from a place on, oldest first; each says how many of all are private."""
    statement = _SHOWN.add_columns(_private(issue_id)).where(
        Comment.issue_id == issue_id, Comment.deleted_at.is_(None)
    )
    if at is not None:
        statement = statement.where(tuple_(Comment.created_at, Comment.id) > at.key)
    return read(statement.order_by(Comment.created_at, Comment.id).limit(limit)).all()


def without_sight(project_id: int, people: Collection[int]) -> list[Person]:
    """Those of these people who do not see each private comment of a project, by name."""
    sees = text(eyes.sees_each("CAST(:home_id AS bigint)", "users.id")).bindparams(home_id=project_id)
    seeing = select(User.id).where(User.id.in_(people), sees)
    those = select(User.id, User.name, User.avatar).where(User.id.in_(people), User.id.not_in(seeing))
    return [Person(*row) for row in read(those.order_by(User.sort_key, User.id))]


def _private(issue_id: int) -> ColumnElement[int]:
    those = aliased(Comment)
    counted = select(func.count()).where(those.issue_id == issue_id, those.private, those.deleted_at.is_(None))
    return counted.scalar_subquery().label("private_count")


def numbered(issue_id: int, comment_id: int) -> AnyRow | None:
    """One comment, also one in the trash."""
    return read(_NUMBERED, {"issue_id": issue_id, "comment_id": comment_id}).one_or_none()


COLUMNS = ("author_id", "body", "body_html", "html_version", "private")


def _counted(private: ColumnElement[bool], by: int) -> dict[str, Any]:
    """What a comment changes of its issue's count and last activity: nothing, if not all who see the issue see it."""
    return {
        "comment_count": Issue.comment_count + case((private, 0), else_=by),
        "updated_at": case((private, Issue.updated_at), else_=func.now()),
    }


def _adding(*, as_seen: bool) -> AnySelect:
    """The issue is held first of all, as those who look see it; where it is not there, nothing is read or written.

    Nor is anything where somebody else holds it: what a statement asks for is as it was when that began, so one that
    has waited knows nothing of rights that were taken meanwhile.
    """
    project_id, issue_id = bindparam("ref", type_=BigInteger), bindparam("issue_id", type_=BigInteger)
    there = Issue.id == issue_id, Issue.project_id == project_id, Issue.deleted_at.is_(None)
    held = select(Issue.id).where(*there).with_for_update(key_share=True, skip_locked=True).cte("held")
    bound = {name: bindparam(name, type_=getattr(Comment, name).type) for name in COLUMNS}
    rows = select(held.c.id, *bound.values())
    new = insert(Comment).from_select(("issue_id", *COLUMNS), rows, include_defaults=False)
    added = new.returning(Comment.id, Comment.created_at).cte("added")
    more = _counted(bound["private"], 1)
    counted = update(Issue).where(Issue.id.in_(select(held.c.id))).values(more).cte("counted")
    where = project_id, issue_id, bound["author_id"], bindparam("change", type_=Uuid())
    recorded = events.of_new(*where, Commented, comment=added.c.id).cte("recorded")
    asked = asking(after=held, as_seen=as_seen).join(added, true())
    return asked.add_columns(added.c.id.label("comment_id"), added.c.created_at).add_cte(counted, recorded)


_ADDING, _ADDING_AS_SEEN = Built(_adding(as_seen=False)), Built(_adding(as_seen=True))


def add(
    project_id: int,
    issue_id: int,
    by: Viewer,
    change: UUID,
    values: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> AnyRow | None:
    """Hold an issue, write a comment on it and its event, and count it: (comment_id, created_at).

    The row says what `by` may do as well, for `standing.confirm_by`. It is None if the issue or the project is gone,
    or not seen any more, or if somebody else holds the issue: nothing is written then. With `seen`, for
    `standing.alone_by`, it fails where rights are not as that tells.
    """
    given = {"ref": project_id, "issue_id": issue_id, "author_id": by.id, "change": change, **values, **standing(by)}
    if seen is not None:
        return read(_ADDING_AS_SEEN, {**given, **seen}).one_or_none()
    return read(_ADDING, given).one_or_none()


def locked(comment_id: int) -> Comment | None:
    """The comment to change, locked until the transaction ends; None for one in the trash."""
    return db.session.scalar(_LOCKED.where(Comment.id == comment_id, Comment.deleted_at.is_(None)))


def locked_in_trash(issue_id: int, comment_id: int) -> Comment | None:
    """The comment to restore, locked until the transaction ends; None for one whose text is gone by now."""
    return db.session.scalar(
        _LOCKED.where(
            Comment.id == comment_id,
            Comment.issue_id == issue_id,
            Comment.deleted_at.is_not(None),
            Comment.body != "",
        )
    )


def flush() -> None:
    db.session.flush()


def remove(comment: Comment, by: int) -> None:
    """Put it into the trash."""
    comment.deleted_at, comment.deleted_by = func.now(), by
    comment.version += 1
    db.session.flush()


def outdated(kept: timedelta, limit: int) -> Sequence[int]:
    """The ids of comments whose texts have been in the trash for longer; nobody can restore them meanwhile."""
    old = (
        select(Comment.id)
        .where(Comment.deleted_at < func.now() - kept, Comment.deleted_at.is_not(None), Comment.body != "")
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return db.session.scalars(old).all()


def forget(ids: Sequence[int]) -> None:
    """Forget the texts of these comments, with the former ones, the files and the reactions."""
    if ids:
        empty = {"body": "", "body_html": None, "html_version": None}
        db.session.execute(update(Comment).where(Comment.id.in_(ids)).values(empty))
        for model in (TextVersion, Attachment, Reaction):  # the row stays, so nothing goes with it by itself
            db.session.execute(delete(model).where(model.comment_id.in_(ids)))


def homes(ids: Sequence[int]) -> Sequence[int]:
    """The issues of these comments."""
    return list(read(select(Comment.issue_id).where(Comment.id.in_(ids)).distinct()).scalars()) if ids else []


def count(issue_id: int, by: int, *, is_news: bool = True) -> None:
    """Move the issue's count of comments, and its last activity to now, if that is news there."""
    moved = update(Issue).where(Issue.id == issue_id).values(comment_count=Issue.comment_count + by)
    db.session.execute(moved.values(updated_at=func.now()) if is_news else moved)


def store_html(made: Made) -> None:
    db.session.execute(storing(cast(Table, Comment.__table__), made))
