"""Who acts in a project and by what right, asked under locks that last until the transaction ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, BindParameter, ColumnElement, Label, and_, bindparam, case, exists, func, select, true

from webapp.access import InProject, Role, Viewer, Visibility
from webapp.db import AnyRow, AnySelect
from webapp.models.accounts import User
from webapp.models.auth import SignIn
from webapp.models.members import Block
from webapp.models.projects import Membership, Project
from webapp.projects.rows import COLUMNS, ProjectRow
from webapp.reading import Built, read


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody, and a project as they see it, as both are now and stay until the transaction ends."""

    is_active: bool
    is_admin: bool
    epoch: int
    stands: bool  # whether the sign-in that they act through does
    project: InProject | None = None


@dataclass(frozen=True, slots=True)
class Guarded:
    """Of a project just what rights depend on, as somebody sees it."""

    role: Role | None
    blocked: bool
    id: int
    key: str
    visibility: Visibility
    archived_at: datetime | None
    private_role: Role


# What a statement that writes a project has to give of it to ask for rights by the way, and what comes of that.
WRITTEN = (Project.id, Project.key, Project.visibility, Project.archived_at, Project.private_role)
ASKED = 6 + len(WRITTEN)
# The SQLSTATE of a statement that found somebody's rights otherwise than they had been seen.
NOT_AS_SEEN = "RS001"


def _held() -> AnySelect:
    project = _kept(*(column for column in COLUMNS if column is not Membership.role))
    return _asking(project, *project.c)


def _kept(*columns: Any, after: CTE | None = None) -> CTE:
    kept = select(*columns).where(Project.id == bindparam("ref")).with_for_update(key_share=True, read=True)
    if after is not None:
        kept = kept.where(exists().select_from(after))  # asked before the project is looked for, and locked
    return kept.cte("project")


def asking(project: CTE | None = None, *, after: CTE | None = None, as_seen: bool = False) -> AnySelect:
    """A statement that writes a project and gives what is WRITTEN of it, with who acts in it and by what right.

    Without one that of the id `ref` is held, after the rows of `after` and if there are any. All are held then, as by
    `held`; the other values are `viewer` and `sid`, the first columns what `asked` reads. With `as_seen` it fails, by
    NOT_AS_SEEN, where any of that is not as `seen` tells it.
    """
    project = _kept(*WRITTEN, after=after) if project is None else project
    return _asking(project, *(project.c[column.key] for column in WRITTEN), as_seen=as_seen)


def _asking(project: CTE, *columns: ColumnElement[Any], as_seen: bool = False) -> AnySelect:
    """A locked project, then who acts in it and by what right: locked one after the other.

    Whoever waits for the first looks at the others only then. Each is locked by itself, as PostgreSQL reads what
    it does not lock as of the beginning of the statement.
    """
    mine = Membership.project_id == project.c.id, Membership.user_id == bindparam("viewer")
    member = select(Membership.role).where(*mine).with_for_update(read=True).lateral("member")
    after = project.c.id.is_not(None)
    person, sign_in = _person(after).lateral("person"), _sign_in(after).lateral("sign_in")
    stands, blocked = func.coalesce(sign_in.c.stands, False), _blocked(project)
    seen = [_as_seen(person.c, stands, member.c.role, blocked, project.c)] if as_seen else []
    return (
        select(person, stands, member.c.role, blocked, *columns, *seen)
        .select_from(project)
        .outerjoin(member, true())
        .outerjoin(person, true())
        .outerjoin(sign_in, true())
    )


def _as_seen(person: Any, stands: Any, role: Any, blocked: Any, project: Any) -> ColumnElement[bool]:
    """True, or an error that undoes the whole statement: worked out last, of rows that are locked by then."""
    same = and_(
        person.is_active,
        stands,
        person.token_epoch == _seen("epoch", User.token_epoch),
        and_(person.is_admin, _seen("may_administer", User.is_admin)) == _seen("is_admin", User.is_admin),
        role.is_not_distinct_from(_seen("role", Membership.role)),
        blocked.element == _seen("blocked", User.is_admin),
        project.visibility == _seen("visibility", Project.visibility),
        project.archived_at.is_not_distinct_from(_seen("archived_at", Project.archived_at)),
        project.private_role == _seen("private_role", Project.private_role),
    )
    return case((same, true()), else_=func.refuse_unseen()).label("as_seen")


def _seen(name: str, column: Any) -> BindParameter[Any]:
    return bindparam(f"seen_{name}", type_=column.type)


def _blocked(project: CTE) -> Label[bool]:
    """Whether its owners have blocked them: as of the beginning of the statement."""
    return exists().where(Block.project_id == project.c.id, Block.user_id == bindparam("viewer")).label("blocked")


def _person(*after: ColumnElement[bool]) -> AnySelect:
    whole = select(User.is_active, User.is_admin, User.token_epoch).where(User.id == bindparam("viewer"), *after)
    return whole.with_for_update(read=True)


def _sign_in(*after: ColumnElement[bool]) -> AnySelect:
    stands = and_(SignIn.revoked_at.is_(None), SignIn.ends_at > func.now()).label("stands")
    own = SignIn.id == bindparam("sid"), SignIn.user_id == bindparam("viewer")
    return select(stands).where(*own, *after).with_for_update(read=True)


def _person_held() -> AnySelect:
    person = _person().cte("person")
    sign_in = _sign_in(person.c.is_active.is_not(None)).lateral("sign_in")
    return select(person, func.coalesce(sign_in.c.stands, False)).outerjoin_from(person, sign_in, true())


_HELD, _PERSON_HELD = Built(_held()), Built(_person_held())


def held(project_id: int, viewer: Viewer) -> Held | None:
    """The project as somebody sees it now, and whether they may still act. It stays so until the transaction ends.

    The project's is the weakest lock there is: it lets others count and number issues.
    """
    row = read(_HELD, {"ref": project_id, **standing(viewer)}).one_or_none()
    if row is None:
        return None
    is_active, is_admin, epoch, stands, role, blocked, *own = row
    return Held(is_active, is_admin, epoch, stands, ProjectRow(*(*own, role, None, None, blocked)))


def standing(by: Viewer) -> dict[str, int]:
    """The values of what `asking` makes."""
    return {"viewer": by.id, "sid": by.sid or 0}


def seen(by: Viewer, project: ProjectRow) -> dict[str, Any] | None:
    """The further values of `asking` with `as_seen`: who acts and the project, as they were when they were let in.

    None for who acts through no sign-in.
    """
    if by.sid is None or by.epoch is None:
        return None
    return {
        "seen_epoch": by.epoch,
        "seen_may_administer": by.may_administer,
        "seen_is_admin": by.is_admin,
        "seen_role": project.role,
        "seen_blocked": project.blocked,
        "seen_visibility": project.visibility,
        "seen_archived_at": project.archived_at,
        "seen_private_role": project.private_role,
    }


def asked(row: AnyRow) -> Held:
    """The same from what `asking` found."""
    is_active, is_admin, epoch, stands, *project = row[:ASKED]
    return Held(is_active, is_admin, epoch, stands, Guarded(*project))


def person_held(viewer: Viewer) -> Held | None:
    """The same for somebody who acts in no project."""
    row = read(_PERSON_HELD, standing(viewer)).one_or_none()
    return Held(*row) if row else None
