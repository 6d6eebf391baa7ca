from functools import partial
from typing import Any

from flask import request, url_for

from webapp.board import service as board
from webapp.http import Done, Feature, Form, Made, Page, Reply, me, merging, viewer
from webapp.http.canonical import project_at
from webapp.http.conditions import expected_version
from webapp.http.merging import Way
from webapp.projects import service as projects
from webapp.views import bar
from webapp.views import service as views
from webapp.views.schemas import ViewEdit, ViewIn, ViewOut
from webapp.views.service import ViewRow

FIELDS = ("name", "query", "layout", "by", "shared", "pinned", "version")

bp = Feature("views", "/projects/<project:project>/views")


@bp.get("")
def index(project: str) -> Reply[list[ViewOut]]:
    """The saved views of a project: those that are shared, then the caller's own."""
    found = project_at(project)
    listed = views.of(found, viewer())
    may = partial(views.may_change, found, viewer())
    return Page("views/list.html", listed, project=found, views=listed, may=may, address=partial(bar.address, found))


@bp.page("/new")
def new(project: str) -> Page:
    """The form for a new view; the query string fills it in."""
    found = project_at(project)
    views.require_save(found, me())
    said = request.args
    form = Form.of({"pinned": True, **said.to_dict(), "query": said.get("q") or said.get("query", "is:open")})
    return Page("views/new.html", project=found, form=form, groupings=lambda: board.groupings(found))


@bp.post("", form="new", creates=True)
def create(project: str, body: ViewIn) -> Reply[ViewOut]:
    """Save a view."""
    found = projects.get(project, viewer())
    view = views.create(found, body, by=me())
    at = url_for(".show", project=found.key, view=view.id)
    return Made(view, at=at, back=bar.address(found, view), say=f"View {view.name} saved.")


@bp.get("/<number:view>")
def show(project: str, view: int) -> Reply[ViewOut]:
    """One saved view. A browser is shown the issues that it asks for."""
    found = project_at(project)
    row = views.get(found, view, viewer())
    return Done(row, at=bar.address(found, row))


@bp.page("/<number:view>/edit")
def edit(project: str, view: int) -> Page:
    """The form that changes a view."""
    return _page("views/edit.html", project, view)


@bp.patch("/<number:view>", form="edit")
def update(project: str, view: int, body: ViewEdit) -> Reply[ViewOut]:
    """Change a saved view, pin it, or let the project's list open with it."""
    found = projects.get(project, viewer())
    if merging.way() == Way.THEIRS:
        row = views.get(found, view, me())
        return Done(row, at=bar.address(found, row), say="Your changes are discarded.")
    changed = merging.save(
        body,
        lambda changes: views.edit(found, view, changes, by=me()),
        now=lambda: _fields(views.get(found, view, me())),
    )
    at = bar.address(found, changed) if "query" in request.form else url_for(".index", project=found.key)
    return Done(changed, at=at, say="Saved.")


@bp.page("/<number:view>/delete")
def confirm_remove(project: str, view: int) -> Page:
    """Asks before a view is deleted."""
    return _page("views/delete.html", project, view)


@bp.delete("/<number:view>")
def remove(project: str, view: int) -> Reply[None]:
    """Delete a saved view. The issues that it shows stay."""
    found = projects.get(project, viewer())
    views.remove(found, view, by=me(), version=expected_version())
    return Done(None, at=url_for(".index", project=found.key), say="View deleted.")


def _page(template: str, project: str, view: int) -> Page:
    found = project_at(project)
    row = views.get(found, view, me())
    views.require_change(found, row, me())
    form = Form.of(_fields(row))
    return Page(template, project=found, view=row, form=form, groupings=lambda: board.groupings(found))


def _fields(view: ViewRow) -> dict[str, Any]:
    """A view as the values of its form."""
    return {name: getattr(view, name) for name in FIELDS}
