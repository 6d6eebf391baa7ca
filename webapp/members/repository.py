from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from webapp.access import Role
from webapp.accounts.models import User
from webapp.accounts.rows import Person
from webapp.db import AnyRow, db
from webapp.projects.models import Membership


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody in a project. The id is that of the person; the address is None where it is not to be shown."""

    id: int
    user: Person
    role: Role
    created_at: datetime
    email: str | None = None


_MEMBERS = select(User.id, User.name, User.email, Membership.role, Membership.created_at).join(
    Membership, Membership.user_id == User.id
)


def of_project(project_id: int) -> Sequence[MemberRow]:
    """All members of a project, by name."""
    mine = _MEMBERS.where(Membership.project_id == project_id)
    return [_member(row) for row in db.session.execute(mine.order_by(func.lower(User.name), User.id))]


def _member(row: AnyRow) -> MemberRow:
    return MemberRow(row.id, Person(row.id, row.name), row.role, row.created_at, row.email)
