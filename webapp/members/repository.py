from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from webapp.access import Role
from webapp.accounts.rows import Person
from webapp.db import AnyRow, db
from webapp.members.rows import MemberRow
from webapp.models.accounts import User
from webapp.models.projects import Membership, Project
from webapp.reading import Built, read

_MEMBERS = select(User.id, User.name, User.avatar, User.email, Membership.role, Membership.created_at).join(
    Membership, Membership.user_id == User.id
)
_OF_PROJECT = Built(_MEMBERS.where(Membership.project_id == bindparam("project_id")).order_by(User.sort_key, User.id))


def of_project(project_id: int) -> Sequence[MemberRow]:
    """All members of a project, by name."""
    return [_member(row) for row in read(_OF_PROJECT, {"project_id": project_id})]


def numbered(project_id: int, user_id: int) -> MemberRow | None:
    row = read(_MEMBERS.where(Membership.project_id == project_id, Membership.user_id == user_id)).one_or_none()
    return _member(row) if row else None


def addressed(email: str) -> User | None:
    """The person who has this address, in any case."""
    return db.session.scalar(select(User).where(func.lower(User.email) == func.lower(email)))


def share_a_project(one_id: int, other_id: int) -> bool:
    """Whether both are members of one."""
    other = aliased(Membership)
    both = select(other.project_id).where(other.user_id == other_id)
    shared = select(Membership.user_id).where(Membership.user_id == one_id, Membership.project_id.in_(both))
    return db.session.scalar(select(shared.exists())) is True


def person(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def owners(project_id: int) -> Sequence[MemberRow]:
    """A project's owners, the longest-standing first."""
    own = _MEMBERS.where(Membership.project_id == project_id, Membership.role == Role.OWNER)
    return [_member(row) for row in read(own.order_by(Membership.created_at, Membership.user_id))]


def lock_members(project_id: int) -> None:
    """Let nobody else change who is in the project until the transaction ends.

    Not a lock on the project's row: who saves an issue holds that and then wants the project's, and here it
    would be the other way round.
    """
    number = func.hashtextextended(f"members of {project_id}", 0)
    db.session.execute(select(func.pg_advisory_xact_lock(number)))


def add(project_id: int, user_id: int, role: Role) -> bool:
    """Let somebody be a member; False if they are one already."""
    made = insert(Membership).values(project_id=project_id, user_id=user_id, role=role)
    return db.session.scalar(made.on_conflict_do_nothing().returning(Membership.user_id)) is not None


def put(project_id: int, user_id: int, role: Role) -> None:
    """Let somebody have this role, a member already or not."""
    made = insert(Membership).values(project_id=project_id, user_id=user_id, role=role)
    keys = [Membership.project_id, Membership.user_id]
    db.session.execute(made.on_conflict_do_update(index_elements=keys, set_={"role": role}))


def remove(project_id: int, user_id: int) -> None:
    db.session.execute(delete(Membership).where(Membership.project_id == project_id, Membership.user_id == user_id))


def hand_over(project_id: int, user_id: int) -> None:
    """Let the project be in this person's name."""
    db.session.execute(
        update(Project)
        .where(Project.id == project_id)
        .values(owner_id=user_id, version=Project.version + 1, updated_at=func.now())
    )


def _member(row: AnyRow) -> MemberRow:
    return MemberRow(row.id, Person(row.id, row.name, row.avatar), row.role, row.created_at, row.email)
