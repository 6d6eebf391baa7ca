"""What the pages of views show and do, of a project or over all."""

from functools import partial
from typing import Any

from flask import request

from webapp.access import Viewer
from webapp.board import service as board
from webapp.http import Done, Form, Made, Page, me, merging, viewer
from webapp.http.conditions import expected_version
from webapp.http.merging import Way
from webapp.i18n import _
from webapp.paging import whole
from webapp.projects.service import ProjectRow
from webapp.views import bar
from webapp.views import service as views
from webapp.views.schemas import ViewEdit, ViewIn
from webapp.views.service import ViewRow

FIELDS = ("name", "query", "layout", "by", "shared", "pinned", "version")


def listing(project: ProjectRow | None) -> Page:
    """All views that the caller sees."""
    listed = views.of(project, viewer())
    return Page(
        "views/list.html",
        whole(listed),
        views=listed,
        may=partial(views.may_change, project, viewer()),
        may_save=views.may_save(project, viewer()),
        address=partial(bar.address, project),
        **_here(project),
    )


def new(project: ProjectRow | None) -> Page:
    """The form for a new view; the query string fills it in."""
    views.require_save(project, me())
    params = request.args
    values = {"pinned": True, **params.to_dict(), "query": params.get("q") or params.get("query", "is:open")}
    return Page("views/new.html", form=Form.of(values), groupings=lambda: _groupings(project), **_here(project))


def create(project: ProjectRow | None, draft: ViewIn, by: Viewer) -> Made:
    """Save a view, and show its issues."""
    view = views.create(project, draft, by)
    at = bar.to(project, "show", view=view.id)
    return Made(view, at=at, back=bar.address(project, view), say=_("View %(name)s saved.", name=view.name))


def show(project: ProjectRow | None, view_id: int) -> Done:
    """One view; a browser is led to its issues."""
    view = views.get(project, view_id, viewer())
    return Done(view, at=bar.address(project, view))


def of_one(template: str, project: ProjectRow | None, view_id: int) -> Page:
    """A page that changes or deletes a view."""
    view = views.get(project, view_id, me())
    views.require_change(project, view, me())
    form = Form.of(_fields(view))
    return Page(template, view=view, form=form, groupings=lambda: _groupings(project), **_here(project))


def update(project: ProjectRow | None, view_id: int, changes: ViewEdit, by: Viewer) -> Done:
    """Change a view, and show its issues if they may be others now."""
    if merging.way() == Way.THEIRS:
        view = views.get(project, view_id, by)
        return Done(view, at=bar.address(project, view), say=_("Your changes are discarded."))
    changed = merging.save(
        changes,
        lambda changes: views.edit(project, view_id, changes, by=by),
        now=lambda: _fields(views.get(project, view_id, by)),
    )
    at = bar.address(project, changed) if "query" in request.form else bar.to(project, "index")
    return Done(changed, at=at, say=_("Saved."))


def remove(project: ProjectRow | None, view_id: int, by: Viewer) -> Done:
    """Delete a view."""
    views.remove(project, view_id, by=by, version=expected_version())
    return Done(None, at=bar.to(project, "index"), say=_("View deleted."))


def _here(project: ProjectRow | None) -> dict[str, Any]:
    here: dict[str, Any] = {"to": partial(bar.to, project)}
    return here if project is None else {"project": project, **here}


def _groupings(project: ProjectRow | None) -> list[tuple[str, str]]:
    return board.groupings(project) if project is not None else []


def _fields(view: ViewRow) -> dict[str, Any]:
    """A view as the values of its form."""
    return {name: getattr(view, name) for name in FIELDS}
