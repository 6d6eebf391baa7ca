"""Who asks, and in which project: the one statement that nearly every request begins with."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, select
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.auth.rows import ASKING, HOLDER, OWN, PERSON, PRESENTED, SignedIn, holding, signed_in
from webapp.db import AnyRow, AnySelect
from webapp.entrance.waiting import UNREAD
from webapp.models.accounts import User
from webapp.models.auth import SignIn
from webapp.models.issues import Issue, has_hidden
from webapp.models.members import Block
from webapp.models.personal_tokens import PersonalToken
from webapp.models.projects import Membership, Project
from webapp.models.watching import ProjectWatch
from webapp.projects.repository import BY_ID, BY_KEY, reference
from webapp.projects.rows import CHOSEN, COLUMNS, ProjectRow, blocks
from webapp.reading import Gathered, gathered


class Entering(NamedTuple):
    """The person of a sign-in with what may end it, and the project that was asked for.

    `is_any_private` tells whether any issue or comment is, of whichever project.
    """

    person: SignedIn | None
    project: ProjectRow | None
    is_any_private: bool = True


NOTHING = Entering(None, None)
_WHOLE = aliased(Issue, name=eyes.WHOLE)
_ANY_PRIVATE = exists().where(has_hidden(_WHOLE)).label("is_any_private")


_BEGINNING = len(PERSON)
_LENGTH = len(COLUMNS) + len(CHOSEN)


def _entered(row: AnyRow) -> Entering:
    return Entering(_with_unread(row), _project(row[_BEGINNING:]), row.is_any_private)


def _read(row: AnyRow) -> Entering:
    return Entering(_with_unread(row), None, row.is_any_private)


def _presented(row: AnyRow) -> Entering:
    return Entering(holding(row), _project(row[len(HOLDER) : -1]), row.is_any_private)


def _with_unread(row: AnyRow) -> SignedIn:
    """The person; on a page with what waits unread for them, as the projects and numbers of issues."""
    found = signed_in(row)
    unread = getattr(row, "unread", None)
    if not unread:
        return found
    return replace(found, viewer=replace(found.viewer, unread=frozenset(map(tuple, unread))))


def _project(columns: Sequence[Any]) -> ProjectRow | None:
    return ProjectRow(*columns[:_LENGTH]) if columns and columns[0] is not None else None


def _entering(referred: ColumnElement[bool], *more: ColumnElement[Any]) -> Gathered[Entering]:
    whole = select(*PERSON, *COLUMNS, *CHOSEN, _ANY_PRIVATE, *more).select_from(User).join(SignIn, OWN)
    return Gathered(_with_project(whole, referred, bindparam("user_id")).where(*ASKING), _entered)


def _presenting(referred: ColumnElement[bool]) -> Gathered[Entering]:
    return Gathered(_with_project(_holding(*COLUMNS, *CHOSEN), referred, User.id).where(PRESENTED), _presented)


def _holding(*more: Any) -> AnySelect:
    token = PersonalToken.id == SignIn.id
    return select(*HOLDER, *more, _ANY_PRIVATE).select_from(PersonalToken).join(SignIn, token).join(User, OWN)


def _with_project(people: AnySelect, referred: ColumnElement[bool], user_id: Any) -> AnySelect:
    mine = and_(Membership.project_id == Project.id, Membership.user_id == user_id)
    chosen = and_(ProjectWatch.project_id == Project.id, ProjectWatch.user_id == user_id)
    whole = people.outerjoin(Project, referred).outerjoin(Membership, mine).outerjoin(ProjectWatch, chosen)
    return whole.outerjoin(Block, blocks(user_id))


_BY_ID, _BY_KEY = _entering(BY_ID), _entering(BY_KEY)
# The same for pages, which tell how much waits; and for those of no project.
_PAGE_BY_ID, _PAGE_BY_KEY = _entering(BY_ID, UNREAD), _entering(BY_KEY, UNREAD)
_PAGE = Gathered(select(*PERSON, _ANY_PRIVATE, UNREAD).select_from(User).join(SignIn, OWN).where(*ASKING), _read)
# The same for personal access tokens. What waits in the inbox is for people to see: a program asks for it.
_HOLDER = Gathered(_holding().where(PRESENTED), _presented)
_HOLDER_BY_ID, _HOLDER_BY_KEY = _presenting(BY_ID), _presenting(BY_KEY)


def entering(user_id: int, sid: int, ref: str, *, is_page: bool) -> Entering:
    """The person of a sign-in, and the project that has or had this key, or has this id.

    Both are what their services would read one after the other; the rules stay with these.
    """
    meant = reference(ref)
    by_id, by_key = (_PAGE_BY_ID, _PAGE_BY_KEY) if is_page else (_BY_ID, _BY_KEY)
    statement = by_id if isinstance(meant, int) else by_key
    return gathered(statement, {"user_id": user_id, "sid": sid, "ref": meant}) or NOTHING


def reading(user_id: int, sid: int) -> Entering:
    """The person of a sign-in, for a page of no project."""
    return gathered(_PAGE, {"user_id": user_id, "sid": sid}) or NOTHING


def presented(token_hash: bytes, ref: str | None) -> Entering:
    """Whoever has the personal access token with this hash, and the project that is asked for, if one is."""
    meant = None if ref is None else reference(ref)
    statement = _HOLDER if meant is None else _HOLDER_BY_ID if isinstance(meant, int) else _HOLDER_BY_KEY
    return gathered(statement, {"token": token_hash, **({} if meant is None else {"ref": meant})}) or NOTHING
