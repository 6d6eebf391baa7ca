from webapp.access import Viewer
from webapp.http import Feature, Page, Reply
from webapp.projects.service import ProjectRow
from webapp.types import Slice
from webapp.views import pages
from webapp.views.schemas import ViewEdit, ViewIn, ViewOut

bp = Feature("views", "/projects/<project:project>/views")


@bp.get("")
def index(project: ProjectRow) -> Reply[Slice[ViewOut]]:
    """The saved views of a project: those that are shared, then the caller's own."""
    return pages.listing(project)


@bp.page("/new")
def new(project: ProjectRow) -> Page:
    """The form for a new view; the query string fills it in."""
    return pages.new(project)


@bp.post("", form="new", creates=True)
def create(project: ProjectRow, body: ViewIn, by: Viewer) -> Reply[ViewOut]:
    """Save a view."""
    return pages.create(project, body, by=by)


@bp.get("/<number:view>")
def show(project: ProjectRow, view: int) -> Reply[ViewOut]:
    """One saved view. A browser is shown the issues that it asks for."""
    return pages.show(project, view)


@bp.page("/<number:view>/edit")
def edit(project: ProjectRow, view: int) -> Page:
    """The form that changes a view."""
    return pages.of_one("views/edit.html", project, view)


@bp.patch("/<number:view>", form="edit")
def update(project: ProjectRow, view: int, body: ViewEdit, by: Viewer) -> Reply[ViewOut]:
    """Change a saved view, pin it, or let the project's list open with it."""
    return pages.update(project, view, body, by=by)


@bp.page("/<number:view>/delete")
def confirm_remove(project: ProjectRow, view: int) -> Page:
    """Asks before a view is deleted."""
    return pages.of_one("views/delete.html", project, view)


@bp.delete("/<number:view>")
def remove(project: ProjectRow, view: int, by: Viewer) -> Reply[None]:
    """Delete a saved view. The issues that it shows stay."""
    return pages.remove(project, view, by=by)
