from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, literal, null, select, tuple_, union_all
from sqlalchemy.orm import aliased

from webapp.db import AnyRow, AnySelect, db
from webapp.models.accounts import User
from webapp.models.attachments import Attachment
from webapp.models.comments import Comment
from webapp.models.issues import Issue
from webapp.paging import Place
from webapp.reading import read

EXCERPT = 400


def of_project(project_id: int, kept: timedelta, at: Place | None, limit: int) -> Sequence[AnyRow]:
    """The deleted issues of a project and the deleted comments of its issues, the last one first."""
    both = union_all(_issues(project_id), _comments(project_id)).subquery("trash")
    author, remover = aliased(User), aliased(User)
    order = (both.c.deleted_at, both.c.kind, both.c.id)
    statement = (
        select(both, *_named(author, "author"), *_named(remover, "remover"))
        .join(author, author.id == both.c.author_id)
        .join(remover, remover.id == both.c.deleted_by)
        .where(both.c.deleted_at > func.now() - kept)
    )
    if at is not None:
        statement = statement.where(tuple_(*order) < at.key)
    return read(statement.order_by(*(part.desc() for part in order)).limit(limit)).all()


def one(project_id: int, number: int, comment_id: int | None) -> AnyRow | None:
    """A deleted issue, or a deleted comment of one that is there, as the list has it."""
    if comment_id is None:
        deleted = _issues(project_id).where(Issue.number == number).subquery("trash")
    else:
        those = _comments(project_id).where(Issue.number == number, Comment.id == comment_id)
        deleted = those.subquery("trash")
    author, remover = aliased(User), aliased(User)
    statement = (
        select(deleted, *_named(author, "author"), *_named(remover, "remover"))
        .join(author, author.id == deleted.c.author_id)
        .join(remover, remover.id == deleted.c.deleted_by)
    )
    return read(statement).one_or_none()


def locked_issue(project_id: int, number: int) -> AnyRow | None:
    """(id, author_id) of a deleted issue, which nobody can restore until the transaction ends."""
    there = Issue.project_id == project_id, Issue.number == number, Issue.deleted_at.is_not(None)
    return read(select(Issue.id, Issue.author_id).where(*there).with_for_update()).one_or_none()


def locked_comment(project_id: int, number: int, comment_id: int) -> AnyRow | None:
    """(author_id) of a deleted comment, which nobody can restore until the transaction ends."""
    there = Issue.project_id == project_id, Issue.number == number, Comment.id == comment_id
    comment = select(Comment.author_id).join(Issue, Issue.id == Comment.issue_id).where(*there)
    gone = Comment.deleted_at.is_not(None), Comment.body != "", Issue.deleted_at.is_(None)
    return read(comment.where(*gone).with_for_update()).one_or_none()


def files(issue_id: int | None, comment_id: int | None) -> Sequence[str]:
    """Under which names the files of an issue with its comments, or of a comment, are stored."""
    of = Attachment.issue_id == issue_id if comment_id is None else Attachment.comment_id == comment_id
    return list(read(select(Attachment.stored).where(of)).scalars())


def remove_issue(issue_id: int) -> None:
    """Delete an issue with all that is of it."""
    db.session.execute(delete(Issue).where(Issue.id == issue_id).execution_options(synchronize_session=False))


def count(project_id: int, kept: timedelta, limit: int) -> int:
    """How many such things there are, counted up to the limit."""
    both = union_all(_issues(project_id), _comments(project_id)).subquery("trash")
    rest = select(both.c.id).where(both.c.deleted_at > func.now() - kept).limit(limit).subquery()
    return db.session.scalar(select(func.count()).select_from(rest)) or 0


def _issues(project_id: int) -> AnySelect:
    return _columns("issue", Issue, null().label("comment")).where(
        Issue.project_id == project_id, Issue.deleted_at.is_not(None)
    )


def _comments(project_id: int) -> AnySelect:
    """Those of issues that are not in the trash themselves."""
    return (
        _columns("comment", Comment, Comment.id.label("comment"))
        .join(Issue, Issue.id == Comment.issue_id)
        .where(Issue.project_id == project_id, Issue.deleted_at.is_(None))
        .where(Comment.deleted_at.is_not(None), Comment.body != "")
    )


def _named(person: Any, role: str) -> tuple[Any, Any]:
    return person.name.label(f"{role}_name"), person.avatar.label(f"{role}_avatar")


def _columns(kind: str, model: Any, comment: Any) -> AnySelect:
    return select(
        literal(kind).label("kind"),
        model.id,
        Issue.number,
        Issue.title,
        comment,
        func.left(model.body, EXCERPT).label("text"),
        model.author_id,
        model.deleted_by,
        model.deleted_at,
    )
