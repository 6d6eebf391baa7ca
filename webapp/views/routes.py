from webapp.http import Feature, Page, Reply, me
from webapp.http.canonical import project_at, project_for
from webapp.types import Slice
from webapp.views import pages
from webapp.views.schemas import ViewEdit, ViewIn, ViewOut

bp = Feature("views", "/projects/<project:project>/views")


@bp.get("")
def index(project: str) -> Reply[Slice[ViewOut]]:
    """The saved views of a project: those that are shared, then the caller's own."""
    return pages.listing(project_at(project))


@bp.page("/new")
def new(project: str) -> Page:
    """The form for a new view; the query string fills it in."""
    return pages.new(project_at(project))


@bp.post("", form="new", creates=True)
def create(project: str, body: ViewIn) -> Reply[ViewOut]:
    """Save a view."""
    return pages.create(project_for(project), body, by=me())


@bp.get("/<number:view>")
def show(project: str, view: int) -> Reply[ViewOut]:
    """One saved view. A browser is shown the issues that it asks for."""
    return pages.show(project_at(project), view)


@bp.page("/<number:view>/edit")
def edit(project: str, view: int) -> Page:
    """The form that changes a view."""
    return pages.of_one("views/edit.html", project_at(project), view)


@bp.patch("/<number:view>", form="edit")
def update(project: str, view: int, body: ViewEdit) -> Reply[ViewOut]:
    """Change a saved view, pin it, or let the project's list open with it."""
    return pages.update(project_for(project), view, body, by=me())


@bp.page("/<number:view>/delete")
def confirm_remove(project: str, view: int) -> Page:
    """Asks before a view is deleted."""
    return pages.of_one("views/delete.html", project_at(project), view)


@bp.delete("/<number:view>")
def remove(project: str, view: int) -> Reply[None]:
    """Delete a saved view. The issues that it shows stay."""
    return pages.remove(project_for(project), view, by=me())
