from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, tuple_, union_all

from webapp.access import Viewer
from webapp.db import db
from webapp.models.accounts import ACTING, User, is_nameless
from webapp.models.auth import SignIn
from webapp.models.comments import Comment
from webapp.models.issues import Issue
from webapp.models.personal_tokens import PersonalToken
from webapp.models.projects import Project
from webapp.paging import Place
from webapp.people.rows import AccountRow, Made, Span, State, Ways
from webapp.reading import read

_CAN_LOG_IN = User.is_active, User.password_hash.is_not(None)
_IS_IMPORTED = User.origin.is_not(None) & User.password_hash.is_(None)
_IN_STATE: dict[State, ColumnElement[bool]] = {
    "active": and_(User.is_active),
    "deactivated": ~User.is_active,
    "administrators": and_(User.is_admin, *_CAN_LOG_IN),
    "no_factor": and_(~User.has_factor, *_CAN_LOG_IN),
    "imported": _IS_IMPORTED,
}
_ACCOUNT = select(
    User.id, User.name, User.handle, User.email, User.is_active, User.is_admin, User.has_factor,
    _IS_IMPORTED.label("is_imported"), is_nameless().label("is_nameless"), User.created_at, User.sort_key,
)  # fmt: skip
_ORDER = User.sort_key, User.id


def listed(words: str | None, state: State | None, at: Place | None, limit: int) -> Sequence[AccountRow]:
    """Some people from a place on, by name; towards the beginning the other way round."""
    backwards = at is not None and at.backwards
    found = _ACCOUNT.where(*_conditions(words, state))
    if at is not None:
        found = found.where(tuple_(*_ORDER) < at.key if backwards else tuple_(*_ORDER) > at.key)
    order = [column.desc() if backwards else column for column in _ORDER]
    return [AccountRow(*row) for row in read(found.order_by(*order).limit(limit))]


def count(words: str | None, state: State | None, limit: int) -> int:
    """How many there are, up to the limit."""
    found = select(User.id).where(*_conditions(words, state)).limit(limit).subquery()
    return int(read(select(func.count()).select_from(found)).scalar_one())


def numbered(user_id: int) -> AccountRow | None:
    row = read(_ACCOUNT.where(User.id == user_id)).one_or_none()
    return AccountRow(*row) if row else None


def locked(user_id: int) -> User | None:
    """Somebody as they are until the transaction ends. Not locked against those who only refer to them."""
    return db.session.get(User, user_id, with_for_update={"key_share": True}, populate_existing=True)


def ways(user_id: int) -> Ways:
    """By how many logins and tokens somebody is in that have neither ended nor been ended."""
    is_token = PersonalToken.id.is_not(None)
    standing = SignIn.user_id == user_id, SignIn.revoked_at.is_(None), SignIn.ends_at > func.now()
    logins, tokens = (func.count(case((one, 1))) for one in (~is_token, is_token))
    found = select(logins, tokens).join_from(SignIn, PersonalToken, PersonalToken.id == SignIn.id, isouter=True)
    return Ways(*read(found.where(*standing)).one())


def administrator(user_id: int) -> Viewer | None:
    """An administrator as who they are now; None for who is none any more."""
    row = read(select(*ACTING).where(User.id == user_id, User.is_admin, User.is_active)).one_or_none()
    return Viewer.of(row) if row else None


def made(user_id: int, span: Span) -> Made:
    """How many issues somebody made in a time, how many comments on others, and how much of both is archived."""
    issues = select(Project.archived_at.is_(None).label("goes"), literal(True).label("is_issue"))
    issues = issues.select_from(Issue).join(Project).where(*_issues(user_id, span))
    comments = select(Project.archived_at.is_(None), literal(False))
    comments = comments.select_from(Comment).join(Issue).join(Project).where(*_comments(user_id, span))
    both = union_all(issues, comments).subquery()
    counted = [
        func.count().filter(both.c.goes, both.c.is_issue),
        func.count().filter(both.c.goes, ~both.c.is_issue),
        func.count().filter(~both.c.goes),
    ]
    return Made(*read(select(*counted).select_from(both)).one())


def projects_of(user_id: int, span: Span) -> Sequence[int]:
    """The projects in which that can go."""
    issues = select(Issue.project_id).where(*_issues(user_id, span))
    comments = select(Issue.project_id).join(Comment).where(*_comments(user_id, span))
    found = select(Project.id).where(Project.archived_at.is_(None), Project.id.in_(issues.union(comments)))
    return list(read(found.order_by(Project.id)).scalars())


def issues_of(user_id: int, span: Span, project_id: int, limit: int) -> Sequence[int]:
    """The numbers of some of these issues of a project."""
    found = select(Issue.number).where(Issue.project_id == project_id, *_issues(user_id, span))
    return list(read(found.order_by(Issue.id).limit(limit)).scalars())


def comments_of(user_id: int, span: Span, project_id: int, limit: int) -> Sequence[tuple[int, int]]:
    """The numbers of issues with some of the comments on them."""
    found = select(Issue.number, Comment.id).join(Issue).where(Issue.project_id == project_id)
    found = found.where(*_comments(user_id, span)).order_by(Issue.id, Comment.id).limit(limit)
    return [tuple(row) for row in read(found)]


def _issues(user_id: int, span: Span) -> list[ColumnElement[bool]]:
    when = Issue.created_at >= span.since, Issue.created_at <= span.until
    return [Issue.author_id == user_id, Issue.deleted_at.is_(None), *when]


def _comments(user_id: int, span: Span) -> list[ColumnElement[bool]]:
    """On issues that do not go themselves."""
    when = Comment.created_at >= span.since, Comment.created_at <= span.until
    stays = Issue.deleted_at.is_(None), ~and_(*_issues(user_id, span))
    return [Comment.author_id == user_id, Comment.deleted_at.is_(None), *when, *stays]


def _conditions(words: str | None, state: State | None) -> list[ColumnElement[bool]]:
    found = [_IN_STATE[state]] if state else []
    if words:
        names = User.name, User.handle, User.email
        found.append(or_(*(column.icontains(words.removeprefix("@"), autoescape=True) for column in names)))
    return found
