"""Who asks, and in which project: the one statement that nearly every request begins with."""

from sqlalchemy import ColumnElement, and_, bindparam, select

from webapp.auth.rows import ASKING, OWN, PERSON
from webapp.db import AnyRow
from webapp.models.accounts import User
from webapp.models.auth import SignIn
from webapp.models.projects import Membership, Project
from webapp.models.watching import ProjectWatch
from webapp.projects.repository import BY_ID, BY_KEY, CHOSEN, COLUMNS, reference
from webapp.projects.rows import ProjectRow
from webapp.reading import Built, read


def _entering(referred: ColumnElement[bool]) -> Built:
    mine = and_(Membership.project_id == Project.id, Membership.user_id == bindparam("user_id"))
    chosen = and_(ProjectWatch.project_id == Project.id, ProjectWatch.user_id == bindparam("user_id"))
    whole = select(*PERSON, *COLUMNS, *CHOSEN).select_from(User).join(SignIn, OWN)
    there = whole.outerjoin(Project, referred).outerjoin(Membership, mine).outerjoin(ProjectWatch, chosen)
    return Built(there.where(*ASKING))


_BY_ID, _BY_KEY = _entering(BY_ID), _entering(BY_KEY)


def entering(user_id: int, sid: int, ref: str) -> tuple[AnyRow | None, ProjectRow | None]:
    """The person of a sign-in with what may end it, and the project that has or had this key, or has this id.

    Both are what their services would read one after the other; the rules stay with these.
    """
    meant = reference(ref)
    statement = _BY_ID if isinstance(meant, int) else _BY_KEY
    row = read(statement, {"user_id": user_id, "sid": sid, "ref": meant}).one_or_none()
    if row is None:
        return None, None
    there = row[len(PERSON) :]
    return row, ProjectRow(*there) if there[0] is not None else None
