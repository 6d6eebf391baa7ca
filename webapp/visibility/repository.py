"""Queries about who sees what. The rules are those of `projects/sight.py` and `eyes.py`; none is repeated here."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, any_, false, func, literal_column, or_, select, text, tuple_
from sqlalchemy.orm import join

from webapp import eyes
from webapp.access import Role
from webapp.db import AnySelect
from webapp.models.accounts import User
from webapp.models.attachments import Attachment
from webapp.models.comments import Comment
from webapp.models.issues import Issue
from webapp.models.projects import Membership, Project
from webapp.paging import Place
from webapp.projects.sight import issue_seen_by_each, seen_by_each
from webapp.reading import read
from webapp.visibility.rows import Found

_ORDER = User.sort_key, User.id
_HAS_ROLE = Membership.role.is_not(None)
_IS_AUTHOR, _IS_ASSIGNEE = Issue.author_id == User.id, User.id == any_(Issue.assignee_ids)
# That the person of a row sees each private issue and comment of its project.
_SEES_PRIVATE: ColumnElement[bool] = literal_column(eyes.sees_each("projects.id", "users.id"))
_IS_OF_TEAM: ColumnElement[bool] = literal_column(eyes.is_of_team("projects.id", "users.id"))
_SAW_NONE = text(f"NOT {eyes.sees_each('CAST(:here AS bigint)', 'users.id')}")


def named(
    project_id: int, issue_id: int | None, at: Place | None, limit: int, *, administrators: bool
) -> list[Found]:
    """Those who see a project, or an issue of it, for a reason of their own: by name, from a place on."""
    found = _named(issue_id, administrators=administrators, project_id=project_id)
    backwards = at is not None and at.backwards
    if at is not None:
        found = found.where(tuple_(*_ORDER) < at.key if backwards else tuple_(*_ORDER) > at.key)
    order = [column.desc() if backwards else column for column in _ORDER]
    return [Found(*row) for row in read(found.order_by(*order).limit(limit))]


def count_named(project_id: int, issue_id: int | None, limit: int, *, administrators: bool) -> int:
    """How many they are, up to the limit."""
    return _count(_named(issue_id, administrators=administrators, project_id=project_id).limit(limit))


def newly_of_issue(project_id: int, issue_id: int) -> int:
    """How many see a project, and not this private issue of it."""
    return _count(_people(project_id, issue_id).where(_HAS_ROLE | User.is_admin, ~issue_seen_by_each()))


def newly_of_comment(project_id: int, issue_id: int, author_id: int) -> int:
    """How many see an issue, for a reason of their own, and not the private comments of others on it."""
    named = _named(issue_id, administrators=True, project_id=project_id)
    return _count(named.where(~_SEES_PRIVATE, User.id != author_id))


def newly_elsewhere(project_id: int, target_id: int, *, private: bool) -> int:
    """How many see another project and not this one, for a reason of their own; or what is private in both."""
    here = select(Membership.user_id).where(Membership.project_id == project_id)
    if private:
        return _count(_people(target_id).where(_SEES_PRIVATE, _SAW_NONE.bindparams(here=project_id)))
    return _count(_people(target_id).where(_HAS_ROLE, ~User.is_admin, User.id.not_in(here)))


def public_of_project(project_id: int) -> tuple[int, int, int]:
    """What all who see a project see in it: (issues, comments, attachments)."""
    public = Issue.project_id == project_id, ~Issue.private, Issue.deleted_at.is_(None)
    files = select(func.count()).select_from(Attachment).join(Issue, Issue.id == Attachment.issue_id)
    counted = select(func.count(), func.coalesce(func.sum(Issue.comment_count), 0), _in_public(files, *public))
    issues, comments, attachments = read(counted.where(*public)).one()
    return issues, comments, attachments


def private_of_project(project_id: int) -> tuple[int, int, int]:
    """What is private in a project, as far as whoever looks sees it: (issues, comments, attachments)."""
    there = Issue.project_id == project_id, Issue.deleted_at.is_(None)
    said = select(func.count()).select_from(Comment).join(Issue, Issue.id == Comment.issue_id)
    said = said.where(*there, Issue.private | Comment.private, Comment.deleted_at.is_(None))
    files = select(func.count()).select_from(Attachment).join(Issue, Issue.id == Attachment.issue_id)
    files = files.outerjoin(Comment, Comment.id == Attachment.comment_id)
    files = files.where(*there, or_(Issue.private, and_(Comment.private, Comment.deleted_at.is_(None))))
    counted = select(func.count(), said.scalar_subquery(), files.scalar_subquery())
    issues, comments, attachments = read(counted.select_from(Issue).where(*there, Issue.private)).one()
    return issues, comments, attachments


def count_roles(project_id: int, roles: Collection[Role]) -> int:
    """How many have one of these roles in a project, without administrators, who see everything."""
    return _count(_people(project_id).where(Membership.role.in_(roles), ~User.is_admin))


def private_comments(issue_id: int) -> tuple[int, int]:
    """How many private comments an issue has, as far as whoever looks sees them, and files in them."""
    private = Comment.issue_id == issue_id, Comment.private, Comment.deleted_at.is_(None)
    files = select(func.count()).select_from(Attachment).join(Comment, Comment.id == Attachment.comment_id)
    comments, attachments = read(select(func.count(), files.where(*private).scalar_subquery()).where(*private)).one()
    return comments, attachments


def files_of_issue(issue_id: int) -> int:
    """How many files belong to an issue and to what all who see it see of it."""
    files = select(func.count()).select_from(Attachment)
    return int(read(select(_in_public(files, Attachment.issue_id == issue_id))).scalar_one())


def files_of_comment(comment_id: int) -> int:
    """How many files belong to a comment."""
    files = select(func.count()).select_from(Attachment).where(Attachment.comment_id == comment_id)
    return int(read(files).scalar_one())


def _in_public(files: AnySelect, *where: ColumnElement[bool]) -> Any:
    """A count of files, without those of comments that are private or in the trash."""
    other = Comment.id == Attachment.comment_id, Comment.private | Comment.deleted_at.is_not(None)
    return files.where(*where, ~select(Comment.id).where(*other).exists()).scalar_subquery()


def _named(issue_id: int | None, *, administrators: bool, project_id: int) -> AnySelect:
    reasons = [_HAS_ROLE, *([User.is_admin] if administrators else [])]
    if issue_id is None:
        return _people(project_id).where(or_(*reasons))
    whose = and_(Issue.private, or_(_IS_AUTHOR, _IS_ASSIGNEE))
    told = _people(project_id, issue_id).where(or_(*reasons, whose), issue_seen_by_each())
    return told if administrators else told.where(or_(~Issue.private, whose, _IS_OF_TEAM))


def _people(project_id: int, issue_id: int | None = None) -> AnySelect:
    """People who may log in and see a project, with how they stand to it and to an issue, if that is any reason."""
    mine = and_(Membership.project_id == Project.id, Membership.user_id == User.id)
    they = join(User, Project, Project.id == project_id).outerjoin(Membership, mine)
    whose: tuple[ColumnElement[bool], ...] = false(), false()
    if issue_id is not None:
        they, whose = they.join(Issue, Issue.id == issue_id), (_IS_AUTHOR, _IS_ASSIGNEE)
    columns = User.id, User.name, User.avatar, User.sort_key, Membership.role, User.is_admin, *whose, _SEES_PRIVATE
    return select(*columns).select_from(they).where(User.is_active, seen_by_each())


def _count(people: AnySelect) -> int:
    ids = people.with_only_columns(User.id, maintain_column_froms=True).subquery()
    return int(read(select(func.count()).select_from(ids)).scalar_one())
