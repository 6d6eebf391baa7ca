"""Queries about invitations."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import aliased

from webapp import keeping
from webapp.access import Role, Viewer
from webapp.accounts.rows import Person
from webapp.db import AnyRow, AnySelect, db
from webapp.members.rows import InvitationRow
from webapp.models.accounts import User
from webapp.models.members import Invitation
from webapp.models.projects import Membership, Project
from webapp.reading import Built, read

LASTS = timedelta(days=14)

_INVITATIONS: AnySelect = (
    select(
        Invitation.id, Invitation.project_id, Project.key, Project.name.label("project_name"), Invitation.email,
        Invitation.role, User.id.label("inviter_id"), User.name.label("inviter_name"), User.avatar,
        Invitation.created_at, Invitation.expires_at, Invitation.mailed,
        (Invitation.accepted_at.is_not(None) | (Invitation.expires_at <= func.now())).label("is_over"),
    )
    .join(Project, Project.id == Invitation.project_id)
    .join(User, User.id == Invitation.invited_by)
)  # fmt: skip
_PENDING = Invitation.accepted_at.is_(None)
_OF_PROJECT = Built(
    _INVITATIONS.where(Invitation.project_id == bindparam("project_id"), _PENDING).order_by(
        func.lower(Invitation.email), Invitation.id
    )
)
_READER = aliased(User)
_OWN = _INVITATIONS.join(_READER, func.lower(_READER.email) == func.lower(Invitation.email)).where(
    _READER.id == bindparam("user_id", type_=BigInteger), _READER.email_confirmed_at.is_not(None), _PENDING
)
_HOLD = Invitation.expires_at > func.now(), Project.archived_at.is_(None)
_TO = Built(_OWN.where(*_HOLD).order_by(Invitation.id.desc()))


def pending(project_id: int) -> Sequence[InvitationRow]:
    """The invitations of a project that nobody has taken yet, expired ones too, by address."""
    return [_row(row) for row in read(_OF_PROJECT, {"project_id": project_id})]


def numbered(project_id: int, invitation_id: int) -> InvitationRow | None:
    """One that nobody has taken yet."""
    return _only(_INVITATIONS.where(Invitation.project_id == project_id, Invitation.id == invitation_id, _PENDING))


def addressed(project_id: int, email: str) -> InvitationRow | None:
    """One that nobody has taken yet, for this address in any case."""
    same = func.lower(Invitation.email) == func.lower(email)
    return _only(_INVITATIONS.where(Invitation.project_id == project_id, same, _PENDING))


def presented(digest: bytes, *, locked: bool = False) -> InvitationRow | None:
    """The one whose link has this hash, taken or not."""
    wanted = _INVITATIONS.where(Invitation.token_hash == digest)
    return _only(wanted.with_for_update(of=Invitation) if locked else wanted)


def to(user_id: int) -> Sequence[InvitationRow]:
    """Those that went to the confirmed address of a person and still hold, the newest first."""
    return [_row(row) for row in read(_TO, {"user_id": user_id})]


def waits_for(user_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether there is any such, as a statement asks it."""
    its = func.lower(_READER.email) == func.lower(Invitation.email), Project.id == Invitation.project_id
    return exists().where(_READER.id == user_id, _READER.email_confirmed_at.is_not(None), *its, _PENDING, *_HOLD)


def own(invitation_id: int, user_id: int, *, locked: bool = False) -> InvitationRow | None:
    """One of those."""
    wanted = _OWN.where(Invitation.id == invitation_id).params(user_id=user_id)
    return _only(wanted.with_for_update(of=Invitation) if locked else wanted)


def add(project_id: int, email: str, role: Role, digest: bytes, by: int, *, mailed: bool) -> int:
    """A new invitation; returns its id."""
    values = {"project_id": project_id, "email": email, "role": role, "token_hash": digest, "invited_by": by}
    made = insert(Invitation).values(**values, mailed=mailed, expires_at=func.now() + LASTS)
    return db.session.execute(made.returning(Invitation.id)).scalar_one()


def renew(invitation_id: int, digest: bytes, by: int, **changes: Any) -> None:
    """Another link and another fortnight for it; the link until now is worth nothing any more."""
    values = {"token_hash": digest, "invited_by": by, "expires_at": func.now() + LASTS, **changes}
    db.session.execute(update(Invitation).where(Invitation.id == invitation_id).values(values))


def use(invitation_id: int) -> None:
    """Somebody has taken it."""
    db.session.execute(update(Invitation).where(Invitation.id == invitation_id).values(accepted_at=func.now()))


def remove(invitation_id: int) -> None:
    db.session.execute(delete(Invitation).where(Invitation.id == invitation_id))


def owner_of(key: str) -> Viewer | None:
    """In whose name a project is; if they were deactivated, another owner, else an administrator."""
    owns = and_(Membership.project_id == Project.id, Membership.user_id == User.id, Membership.role == Role.OWNER)
    rank = case((User.id == Project.owner_id, 0), (Membership.user_id.is_not(None), 1), (User.is_admin, 2))
    able = select(User).join(Project, Project.key == key).outerjoin(Membership, owns)
    return _viewer(able.where(User.is_active, rank.is_not(None)).order_by(rank, User.id).limit(1))


def sender(invitation: InvitationRow) -> Viewer | None:
    """Who made it, unless they can no longer log in."""
    return _viewer(select(User).where(User.id == invitation.invited_by.id, User.is_active))


def _viewer(statement: Select[User]) -> Viewer | None:
    person = db.session.scalar(statement)
    return Viewer.of(person) if person else None


def _only(statement: AnySelect) -> InvitationRow | None:
    row = read(statement).one_or_none()
    return _row(row) if row else None


def _row(row: AnyRow) -> InvitationRow:
    if not row.is_over:
        keeping.true_until(row.expires_at)
    return InvitationRow(
        id=row.id,
        project_id=row.project_id,
        project_key=row.key,
        project_name=row.project_name,
        email=row.email,
        role=Role(row.role),
        invited_by=Person(row.inviter_id, row.inviter_name, row.avatar),
        created_at=row.created_at,
        expires_at=row.expires_at,
        is_over=row.is_over,
        mailed=row.mailed,
    )
