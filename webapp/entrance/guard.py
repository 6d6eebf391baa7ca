"""Who asks, and in which project: the one statement that nearly every request begins with."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, select

from webapp.auth.rows import ASKING, OWN, PERSON
from webapp.db import AnyRow
from webapp.entrance.waiting import UNREAD
from webapp.models.accounts import User
from webapp.models.auth import SignIn
from webapp.models.projects import Membership, Project
from webapp.models.watching import ProjectWatch
from webapp.projects.repository import BY_ID, BY_KEY, CHOSEN, COLUMNS, reference
from webapp.projects.rows import ProjectRow
from webapp.reading import Built, read


class Entering(NamedTuple):
    """The person of a sign-in with what may end it, the project that was asked for, and what waits in the inbox.

    `unread` are the projects and numbers of issues; None where there is none, and where that was not asked.
    """

    person: AnyRow | None
    project: ProjectRow | None
    unread: Any


def _entering(referred: ColumnElement[bool], *more: ColumnElement[Any]) -> Built:
    mine = and_(Membership.project_id == Project.id, Membership.user_id == bindparam("user_id"))
    chosen = and_(ProjectWatch.project_id == Project.id, ProjectWatch.user_id == bindparam("user_id"))
    whole = select(*PERSON, *COLUMNS, *CHOSEN, *more).select_from(User).join(SignIn, OWN)
    there = whole.outerjoin(Project, referred).outerjoin(Membership, mine).outerjoin(ProjectWatch, chosen)
    return Built(there.where(*ASKING))


_BY_ID, _BY_KEY = _entering(BY_ID), _entering(BY_KEY)
# The same for pages, which tell how much waits; and for those of no project.
_PAGE_BY_ID, _PAGE_BY_KEY = _entering(BY_ID, UNREAD), _entering(BY_KEY, UNREAD)
_PAGE = Built(select(*PERSON, UNREAD).select_from(User).join(SignIn, OWN).where(*ASKING))
_END = len(PERSON) + len(COLUMNS) + len(CHOSEN)


def entering(user_id: int, sid: int, ref: str, *, is_page: bool) -> Entering:
    """The person of a sign-in, and the project that has or had this key, or has this id.

    Both are what their services would read one after the other; the rules stay with these.
    """
    meant = reference(ref)
    by_id, by_key = (_PAGE_BY_ID, _PAGE_BY_KEY) if is_page else (_BY_ID, _BY_KEY)
    statement = by_id if isinstance(meant, int) else by_key
    row = read(statement, {"user_id": user_id, "sid": sid, "ref": meant}).one_or_none()
    if row is None:
        return Entering(None, None, None)
    there = row[len(PERSON) : _END]
    return Entering(row, ProjectRow(*there) if there[0] is not None else None, row[-1] if is_page else None)


def reading(user_id: int, sid: int) -> Entering:
    """The person of a sign-in, for a page of no project."""
    row = read(_PAGE, {"user_id": user_id, "sid": sid}).one_or_none()
    return Entering(row, None, row[-1] if row is not None else None)
