"""Who sees which views, and who changes them.

A private view is its owner's alone, whatever rights others have. A shared one is changed by its owner while they may
share views, and by those who look after the project; the default one by those alone. Where no project is named,
views over all projects are meant, which are all private lists.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from webapp import clock, keeping
from webapp.access import Do, Viewer, can, require
from webapp.board import service as board
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound, Overtaken, SignInNeeded
from webapp.i18n import N_, Whole, _, ngettext
from webapp.i18n.saying import nN_
from webapp.keeping import Kind
from webapp.lists import meaning
from webapp.lists import service as lists
from webapp.models.views import View
from webapp.projects.service import ProjectRow
from webapp.views import repository
from webapp.views.repository import ViewRow
from webapp.views.schemas import ViewEdit, ViewIn

__all__ = [
    "ViewRow", "as_of_today", "create", "edit", "get", "may_change", "may_save", "of", "offered", "remove",
    "require_change", "require_save",
]  # fmt: skip

MOST = 100
_OFFERED: Kind[Sequence[ViewRow]] = Kind("views", lambda found: 1_000 * len(found), repr)
ALL = "is:all"


def of(project: ProjectRow | None, by: Viewer | None) -> Sequence[ViewRow]:
    """The views that `by` sees: shared ones, then their own, each by name."""
    _require(by, Do.SEE, project)
    return _today(project, repository.visible(_id(project), by), by)


def offered(project: ProjectRow | None, view_id: int | None, by: Viewer | None) -> Sequence[ViewRow]:
    """Of those the pinned ones, and the one with this id."""
    if project is None:
        return _today(None, repository.offered(None, view_id, by), by)
    at, words = (project.id, view_id, by and by.id), (project.words, project.people, project.choices)
    return keeping.kept(_OFFERED, at, words, lambda: _today(project, repository.offered(project.id, view_id, by), by))


def as_of_today(project: ProjectRow, view_ids: Collection[int]) -> Sequence[ViewRow]:
    """Views of a project by their ids, with their queries in the names of today, whoever sees them."""
    return _today(project, repository.with_ids(view_ids), None)


def get(project: ProjectRow | None, view_id: int, by: Viewer | None) -> ViewRow:
    """One view. Of somebody else's private one everybody hears the same as of one that is not there."""
    _require(by, Do.SEE, project)
    view = repository.one(_id(project), view_id, by)
    if view is None:
        raise NotFound() if by is not None else SignInNeeded()
    return _today(project, [view], by)[0]


def may_change(project: ProjectRow | None, by: Viewer | None, view: ViewRow) -> bool:
    """Whether `by` may change or delete the view."""
    if by is None or project is None:
        return by is not None
    return can(by, _right(by, view.owner_id, shared=view.shared, default=view.default), project)


def may_save(project: ProjectRow | None, by: Viewer | None) -> bool:
    """Whether `by` may save views of their own."""
    return by is not None and (project is None or can(by, Do.SAVE_VIEW, project))


def require_save(project: ProjectRow | None, by: Viewer) -> None:
    """Go on only if `by` may see the form for a new view."""
    _require(by, Do.SAVE_VIEW, project)


def require_change(project: ProjectRow | None, view: ViewRow, by: Viewer) -> None:
    """Go on only if `by` may see the forms that change or delete the view."""
    _require(by, _right(by, view.owner_id, shared=view.shared, default=view.default), project)


@transaction
def create(project: ProjectRow | None, draft: ViewIn, by: Viewer) -> ViewRow:
    """Save a view. Raises Conflict for a name that is taken, Invalid for a query that cannot be read."""
    right = _right(by, by.id, shared=draft.shared)
    _require(by, right, project)
    _refuse_beyond_lists(project, draft.model_dump())
    values = {**draft.model_dump(), **_query(project, draft.query, by)}
    _refuse_unknown_columns(project, draft.layout, draft.by)
    view = View(project_id=_id(project), owner_id=by.id, **values)
    _refuse_taken(view, draft.name, shared=draft.shared)
    _refuse_too_many(view, shared=draft.shared)
    _store(view)
    return get(project, view.id, by)


@transaction
def edit(project: ProjectRow | None, view_id: int, changes: ViewEdit, by: Viewer) -> ViewRow:
    """Change what was sent. Raises Conflict for a taken name, or if it was changed since `changes.version`."""
    _require(by, Do.SEE, project)
    sent = changes.model_dump(exclude_unset=True, exclude={"version"})
    _refuse_beyond_lists(project, sent)
    if "query" in sent:
        sent |= _query(project, sent["query"], by)
    view, was_default = _changeable(project, view_id, by)
    if changes.version is not None and changes.version != view.version:
        raise Overtaken(_("Somebody else changed this view meanwhile. Compare, and save again."))
    default = sent.pop("default", None)
    _change(project, view, sent, by)
    default = _set_default(project, view, was_default, default)
    _require(by, _right(by, view.owner_id, shared=view.shared, default=was_default or default), project)
    return get(project, view_id, by)


@transaction
def remove(project: ProjectRow | None, view_id: int, by: Viewer, *, version: int | None = None) -> None:
    """Delete a view. Raises Conflict if it is at another version."""
    _require(by, Do.SEE, project)
    view, _default = _changeable(project, view_id, by)
    if version not in (None, view.version):
        raise Overtaken(_("This view was changed meanwhile. Look at it again before you delete it."))
    repository.remove(view)


def _require(by: Viewer | None, do: Do, project: ProjectRow | None) -> None:
    """Over all projects everybody has what they see of views, as that is their own."""
    if project is not None:
        require(by, do, project)
    elif by is None:
        raise SignInNeeded()


def _right(by: Viewer, owner_id: int, *, shared: bool, default: bool = False) -> Do:
    """What somebody must be allowed who changes a view, given that they see it."""
    if not shared:
        return Do.SAVE_VIEW
    return Do.SHARE_VIEW if owner_id == by.id and not default else Do.MANAGE_VIEWS


def _changeable(project: ProjectRow | None, view_id: int, by: Viewer) -> tuple[View, bool]:
    """The view, locked, and whether it is the project's default."""
    view = repository.locked(_id(project), view_id, by)
    if view is None:
        raise NotFound()
    default = repository.is_default(view)
    _require(by, _right(by, view.owner_id, shared=view.shared, default=default), project)
    return view, default


def _change(project: ProjectRow | None, view: View, sent: Mapping[str, Any], by: Viewer) -> None:
    _refuse_unfit(project, view, sent, by)
    for name, value in sent.items():
        setattr(view, name, value)
    view.version += 1
    view.updated_at = clock.now()
    _store(view)


def _refuse_unfit(project: ProjectRow | None, view: View, sent: Mapping[str, Any], by: Viewer) -> None:
    """Go on only if the view can be as it is wanted."""
    shared = sent.get("shared", view.shared)
    if view.shared and not shared and view.owner_id != by.id:
        raise Invalid.on("shared", _("can be taken back by the view's owner only."))
    if sent.get("layout", view.layout) == "board" and ("by" in sent or "layout" in sent):
        _refuse_unknown_columns(project, "board", sent.get("by", view.by))
    if "name" in sent or shared != view.shared:
        _refuse_taken(view, sent.get("name", view.name), shared=shared)
    if shared != view.shared:
        _refuse_too_many(view, shared=shared)


def _set_default(project: ProjectRow | None, view: View, default: bool, wanted: bool | None) -> bool:
    """Make the view the project's default, or no longer; returns whether it is. A private one cannot be."""
    if wanted and not view.shared:
        raise Invalid.on("default", _("must be a shared view."))
    wanted = (default if wanted is None else wanted) and view.shared
    if project is not None and wanted != default:
        repository.set_default(project.id, view.id if wanted else None)
    return wanted


def _query(project: ProjectRow | None, text: str, by: Viewer) -> dict[str, Any]:
    """A query as it is kept, with what its names stand for.

    Raises Invalid on `query`, saying where and why it cannot be read.
    """
    try:
        query = lists.sought(text, project, by).text or ALL
    except Invalid as error:
        raise Invalid({"query": error.errors["q"]}) from None
    projects = meaning.seen_in(project, by)
    query = meaning.named(query, projects)
    things = meaning.things(query, projects, everywhere=project is None)
    return {"query": query, "named": [asdict(thing) for thing in things]}


def _today(project: ProjectRow | None, views: Sequence[ViewRow], by: Viewer | None) -> Sequence[ViewRow]:
    """Views with their queries in the names of today."""
    things = [thing for view in views for thing in view.things]
    if not things:
        return views
    known = meaning.spellings(things, meaning.seen_in(project, by))
    told = [(view, *meaning.today(view.query, view.things, known)) for view in views]
    return [replace(view, query=query, gone=gone) for view, query, gone in told]


def _refuse_beyond_lists(project: ProjectRow | None, sent: Mapping[str, Any]) -> None:
    for name, only in (("layout", "list"), ("shared", False), ("default", False)):
        if project is None and sent.get(name, only) != only:
            raise Invalid.on(name, _("can be chosen for views of one project only."))


def _refuse_unknown_columns(project: ProjectRow | None, layout: str, by: str) -> None:
    if project is not None and layout == "board":
        board.columns_of(project, by)


def _refuse_taken(view: View, name: str, *, shared: bool) -> None:
    if repository.is_taken(view.project_id, name, None if shared else view.owner_id, view.id):
        raise _taken(name, shared=shared)


def _refuse_too_many(view: View, *, shared: bool) -> None:
    if repository.count(view.project_id, None if shared else view.owner_id) >= MOST:
        of_project = nN_(
            "would be one too many: a project has at most %(num)s shared view.",
            "would be one too many: a project has at most %(num)s shared views.",
        )
        own = nN_(
            "would be one too many: you may have %(num)s of your own here.",
            "would be one too many: you may have %(num)s of your own here.",
        )
        raise Invalid.on("name", ngettext(*(of_project if shared else own), MOST))


def _store(view: View) -> None:
    name, shared = view.name, view.shared
    if not repository.stored(view):
        raise _taken(name, shared=shared)


def _taken(name: str, *, shared: bool) -> Conflict:
    told = N_("%(name)s is already a shared view of this project.")
    own = N_("%(name)s is already one of your own views.")
    return Conflict.on("name", Whole(_(told if shared else own, name=name)))


def _id(project: ProjectRow | None) -> int | None:
    return project.id if project is not None else None
