"""Queries about saved views. Where no project is named, those over all projects are meant."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.db import AnySelect, db
from webapp.i18n import N_, _
from webapp.issues.rows import Thing
from webapp.models.accounts import User
from webapp.models.projects import Project
from webapp.models.views import View
from webapp.models.watching import ViewWatch
from webapp.reading import Built, among, read

GONE = {
    "label": N_("There is no label called “%(name)s” here any more, so nothing matches it."),
    "milestone": N_("There is no milestone called “%(name)s” here any more, so nothing matches it."),
    "status": N_("There is no status called “%(name)s” here any more, so nothing matches it."),
    "person": N_("There is no person called “%(name)s” here any more, so nothing matches it."),
    "project": N_("There is no project called “%(name)s” here any more, so nothing matches it."),
}


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view as pages and clients see it; `default` says whether its project's list opens with it.

    `gone` is what its query names and is there no more. `watched` tells whoever looks at a row of views whether they
    hear when an issue begins to match.
    """

    id: int
    name: str
    query: str
    layout: str
    by: str
    shared: bool
    pinned: bool
    created_at: datetime
    updated_at: datetime
    version: int
    default: bool
    named: Sequence[dict[str, Any]]
    owner_id: int
    owner_name: str
    owner_avatar: str | None
    watched: bool = False
    gone: Sequence[Thing] = ()

    @property
    def owner(self) -> Person:
        """Whoever saved it."""
        return Person(self.owner_id, self.owner_name, self.owner_avatar)

    @property
    def things(self) -> list[Thing]:
        """What the names in its query stand for."""
        return [Thing(**one) for one in self.named]

    @property
    def warnings(self) -> list[str]:
        """What its query names and is there no more, in words."""
        return [_(GONE[one.kind], name=one.name) for one in self.gone]


_COLUMNS = (
    View.id, View.name, View.query, View.layout, View.by, View.shared, View.pinned, View.created_at,
    View.updated_at, View.version, func.coalesce(Project.default_view_id == View.id, False),
    View.named,
)  # fmt: skip
_SEEN = (
    select(*_COLUMNS, User.id, User.name, User.avatar)
    .outerjoin(Project, Project.id == View.project_id)
    .join(User, User.id == View.owner_id)
    .order_by(View.shared.desc(), func.natural_key(View.name), View.id)
)


def visible(project_id: int | None, by: Viewer | None) -> Sequence[ViewRow]:
    """The views of a project, or over all, that somebody sees: shared ones, then their own, each by name."""
    values = _values(project_id, by)
    return [ViewRow(*row) for row in read(_visible(project_id is None, by is None), values)]


def offered(project_id: int | None, view_id: int | None, by: Viewer | None) -> Sequence[ViewRow]:
    """Of those the pinned ones, and the one with this id."""
    values = {"view_id": view_id, **_values(project_id, by)}
    return [ViewRow(*row) for row in read(_offered(project_id is None, by is None), values)]


def one(project_id: int | None, view_id: int, by: Viewer | None) -> ViewRow | None:
    """The view with this id, if `by` sees it."""
    found = _rows(_visible_to(by), View.project_id == project_id, View.id == view_id)
    return found[0] if found else None


def with_ids(ids: Collection[int]) -> Sequence[ViewRow]:
    """The views with these ids, whoever sees them."""
    return _rows(among(View.id, ids))


def locked(project_id: int | None, view_id: int, by: Viewer) -> View | None:
    """The view to change, if `by` sees it, locked until the transaction ends."""
    statement = select(View).where(_visible_to(by), View.project_id == project_id, View.id == view_id)
    return db.session.scalar(statement.with_for_update().execution_options(populate_existing=True))


def is_default(view: View) -> bool:
    """Whether its project's list opens with it."""
    return db.session.scalar(select(Project.default_view_id).where(Project.id == view.project_id)) == view.id


def set_default(project_id: int | None, view_id: int | None) -> None:
    """Let the project's list open with this view, or with none."""
    statement = update(Project).where(Project.id == project_id).values(default_view_id=view_id)
    db.session.execute(statement.execution_options(synchronize_session=False))


def is_taken(project_id: int | None, name: str, owner_id: int | None, but: int | None) -> bool:
    """Whether another shared view, or another private one of this owner, has this name in any case."""
    same = func.lower(View.name) == func.lower(name)
    return bool(db.session.scalar(select(exists().where(_among(project_id, owner_id), same, View.id != (but or 0)))))


def count(project_id: int | None, owner_id: int | None) -> int:
    """How many shared views there are, or private ones of this owner."""
    return db.session.scalar(select(func.count()).where(_among(project_id, owner_id))) or 0


def stored(view: View) -> bool:
    """Write the view; False if another has just taken its name, after which all can only be undone."""
    db.session.add(view)
    try:
        db.session.flush()
    except IntegrityError as error:
        if getattr(error.orig, "pgcode", "") == "23505":
            return False
        raise
    return True


def remove(view: View) -> None:
    db.session.delete(view)
    db.session.flush()


@cache
def _offered(everywhere: bool, anonymous: bool) -> Built:
    """Built once: it runs with every list and board."""
    return Built(_seen(everywhere, anonymous).where(or_(View.pinned, View.id == bindparam("view_id"))))


@cache
def _visible(everywhere: bool, anonymous: bool) -> Built:
    return Built(_seen(everywhere, anonymous))


def _seen(everywhere: bool, anonymous: bool) -> AnySelect:
    seen = View.shared.is_(True) if anonymous else or_(View.shared, View.owner_id == bindparam("viewer_id"))
    here = View.project_id.is_(None) if everywhere else View.project_id == bindparam("project_id")
    mine = exists().where(ViewWatch.view_id == View.id, ViewWatch.user_id == bindparam("viewer_id"))
    return _SEEN.where(seen, here).add_columns(false() if anonymous else mine)


def _values(project_id: int | None, by: Viewer | None) -> dict[str, int | None]:
    return {"project_id": project_id, "viewer_id": by.id if by is not None else None}


def _visible_to(by: Viewer | None) -> ColumnElement[bool]:
    """The one rule of who sees a view, given that they see its project: nobody's rights open a private one."""
    return or_(View.shared, View.owner_id == by.id) if by is not None else View.shared.is_(True)


def _among(project_id: int | None, owner_id: int | None) -> ColumnElement[bool]:
    kind = View.shared if owner_id is None else and_(~View.shared, View.owner_id == owner_id)
    return and_(View.project_id == project_id, kind)


def _rows(*where: ColumnElement[bool]) -> Sequence[ViewRow]:
    found: Any = read(_SEEN.where(*where))
    return [ViewRow(*row) for row in found]
