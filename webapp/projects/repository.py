from collections.abc import Sequence
from functools import cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from webapp import eyes
from webapp.access import Role, Viewer
from webapp.db import allow, db
from webapp.models.projects import Membership, Project, ProjectAlias
from webapp.models.statuses import defaults
from webapp.paging import Place
from webapp.projects.rows import ProjectRow, as_seen_by
from webapp.projects.sight import Sight, seen_with
from webapp.reading import Built, read
from webapp.types import MAX_ID

_IN_ANY = Built(select(select(Membership.project_id).where(Membership.user_id == bindparam("user_id")).exists()))

_FORMERLY = select(ProjectAlias.project_id).where(ProjectAlias.key == bindparam("ref")).scalar_subquery()
# What `ref` means, in the two kinds of reference that there are.
BY_KEY = or_(Project.key == bindparam("ref"), Project.id == _FORMERLY)
BY_ID = Project.id == bindparam("ref")
_BY_KEY, _BY_ID = (
    Built(as_seen_by(bindparam("viewer")).where(BY_KEY)),
    Built(as_seen_by(bindparam("viewer")).where(BY_ID)),
)


def reference(ref: str) -> int | str:
    """The id or the key that stands in an address; 0, which nothing has, for an id that is too large."""
    if not ref.isdigit():
        return ref.upper()
    number = int(ref)
    return number if number <= MAX_ID else 0


def referred(ref: str, viewer: Viewer | None) -> ProjectRow | None:
    """The project that has or had this key, or has this id, whoever may see it."""
    meant = reference(ref)
    statement = _BY_ID if isinstance(meant, int) else _BY_KEY
    row = read(statement, {"ref": meant, "viewer": viewer.id if viewer else 0}).one_or_none()
    return ProjectRow(*row) if row else None


def visible(viewer: Viewer | None, limit: int, at: Place | None, *, archived: bool = False) -> Sequence[ProjectRow]:
    """Projects that somebody sees, archived ones or the others, by name, one more than the limit."""
    statement = _listed(Sight.of(viewer), archived, at and at.backwards)
    values = {"viewer": viewer.id if viewer else 0, "limit": limit + 1}
    if at is not None:
        values |= dict(zip(("name", "id"), at.key, strict=True))
    return [ProjectRow(*row) for row in read(statement, values)]


def count_visible(viewer: Viewer | None, limit: int, *, archived: bool = False) -> int:
    """How many such projects somebody sees, counted up to the limit."""
    statement = _counted(Sight.of(viewer), archived)
    return int(read(statement, {"viewer": viewer.id if viewer else 0, "limit": limit}).scalar_one())


def own_first(viewer: Viewer, limit: int) -> Sequence[ProjectRow]:
    """Projects that somebody sees and that are not archived: first those that they are a member of, by name."""
    return [ProjectRow(*row) for row in read(_own_first(Sight.of(viewer)), {"viewer": viewer.id, "limit": limit})]


def is_in_any(user_id: int) -> bool:
    """Whether somebody is a member of a project, be it archived."""
    return bool(read(_IN_ANY, {"user_id": user_id}).scalar_one())


def taken_keys(beginning: str) -> set[str]:
    """The keys that projects have or had and that begin like this."""
    present = select(Project.key).where(Project.key.startswith(beginning, autoescape=True))
    former = select(ProjectAlias.key).where(ProjectAlias.key.startswith(beginning, autoescape=True))
    return set(db.session.scalars(present.union(former)))


def claim(*keys: str) -> None:
    """Let nobody else give or take these keys until the transaction ends.

    Present and former keys are two tables, so that no constraint can keep one from being both.
    """
    for key in sorted(keys):
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def holder(key: str) -> int | None:
    """The id of the project that has or had this key."""
    whole = aliased(Project, name=eyes.WHOLE)  # a key is taken, be it by one that whoever asks does not see
    present = select(whole.id).where(whole.key == key)
    former = select(ProjectAlias.project_id).where(ProjectAlias.key == key)
    return db.session.scalar(present.union(former))


def remember_key(project_id: int, key: str) -> None:
    """Let a key that the project had lead to it."""
    db.session.add(ProjectAlias(key=key, project_id=project_id))


def forget_key(key: str) -> None:
    """Let a former key be free again."""
    db.session.execute(delete(ProjectAlias).where(ProjectAlias.key == key))


def locked(project_id: int) -> Project | None:
    """The project to change, locked until the transaction ends."""
    return db.session.get(Project, project_id, with_for_update=True, populate_existing=True)


def add(project: Project) -> None:
    """Add it with its owner as a member, and the statuses that a project begins with."""
    db.session.add(project)
    db.session.flush()
    db.session.add(Membership(project_id=project.id, user_id=project.owner_id, role=Role.OWNER))
    db.session.add_all(defaults(project.id))
    db.session.flush()


def remove(project: Project) -> None:
    """Delete it with all that is in it, which may take longer than a statement may otherwise."""
    allow(25)
    db.session.delete(project)
    db.session.flush()


def _is_archived(archived: bool) -> ColumnElement[bool]:
    return Project.archived_at.is_not(None) if archived else Project.archived_at.is_(None)


_LIMIT = bindparam("limit", type_=BigInteger)


@cache
def _listed(sight: Sight, archived: bool, backwards: bool | None) -> Built:
    """The projects that such a person sees, from a place on if one of the two ways is said."""
    order, viewer = (Project.sort_key, Project.id), bindparam("viewer", type_=BigInteger)
    statement = as_seen_by(viewer).where(seen_with(sight, viewer), _is_archived(archived))
    if backwards is not None:
        name = func.natural_key(bindparam("name", type_=Text))
        here, key = tuple_(*order), tuple_(name, bindparam("id", type_=BigInteger))
        statement = statement.where(here < key if backwards else here > key)
    return Built(statement.order_by(*(part.desc() if backwards else part for part in order)).limit(_LIMIT))


@cache
def _own_first(sight: Sight) -> Built:
    viewer = bindparam("viewer", type_=BigInteger)
    rows = as_seen_by(viewer).where(seen_with(sight, viewer), _is_archived(archived=False))
    return Built(rows.order_by(Membership.role.is_(None), Project.sort_key, Project.id).limit(_LIMIT))


@cache
def _counted(sight: Sight, archived: bool) -> Built:
    visible = seen_with(sight, bindparam("viewer", type_=BigInteger))
    seen = select(Project.id).where(visible, _is_archived(archived)).limit(_LIMIT).subquery()
    return Built(select(func.count().label("number")).select_from(seen))


def flush() -> None:
    db.session.flush()
