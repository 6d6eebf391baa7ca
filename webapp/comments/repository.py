from collections.abc import Sequence
from typing import cast

from sqlalchemy import Table, func, select, tuple_, update

from webapp.accounts.models import User
from webapp.comments.models import Comment
from webapp.db import AnyRow, db
from webapp.issues.models import Issue
from webapp.paging import Place
from webapp.text.cache import Made, storing

_SHOWN = select(
    Comment.id, Comment.body, Comment.body_html, Comment.html_version, Comment.created_at, Comment.edited_at,
    Comment.version, User.id.label("author_id"), User.name.label("author_name"),
).join(User, User.id == Comment.author_id)  # fmt: skip


def of_issue(issue_id: int, at: Place | None, limit: int) -> Sequence[AnyRow]:
    """The comments of an issue from a place on, oldest first."""
    statement = _SHOWN.where(Comment.issue_id == issue_id)
    if at is not None:
        statement = statement.where(tuple_(Comment.created_at, Comment.id) > at.key)
    return db.session.execute(statement.order_by(Comment.created_at, Comment.id).limit(limit)).all()


def first(issue_id: int, limit: int | None) -> Sequence[AnyRow]:
    """The first comments of an issue, oldest first; all of them without a limit."""
    statement = _SHOWN.where(Comment.issue_id == issue_id).order_by(Comment.created_at, Comment.id)
    return db.session.execute(statement.limit(limit)).all()


def last(issue_id: int, limit: int) -> Sequence[AnyRow]:
    """The last comments of an issue, oldest first."""
    statement = _SHOWN.where(Comment.issue_id == issue_id)
    newest_first = statement.order_by(Comment.created_at.desc(), Comment.id.desc())
    return db.session.execute(newest_first.limit(limit)).all()[::-1]


def numbered(issue_id: int, comment_id: int) -> AnyRow | None:
    found = db.session.execute(_SHOWN.where(Comment.issue_id == issue_id, Comment.id == comment_id))
    return found.one_or_none()


def add(comment: Comment) -> None:
    db.session.add(comment)
    db.session.flush()


def locked(comment_id: int) -> Comment | None:
    return db.session.get(Comment, comment_id, with_for_update=True, populate_existing=True)


def flush() -> None:
    db.session.flush()


def remove(comment: Comment) -> None:
    db.session.delete(comment)
    db.session.flush()


def count(issue_id: int, by: int) -> None:
    """Move the issue's count of comments, and its last activity to now."""
    db.session.execute(
        update(Issue)
        .where(Issue.id == issue_id)
        .values(comment_count=Issue.comment_count + by, updated_at=func.now())
    )


def store_html(made: Made) -> None:
    db.session.execute(storing(cast(Table, Comment.__table__), made))
