from webapp.access import Viewer
from webapp.http import Feature, Page, Reply
from webapp.types import Slice
from webapp.views import pages
from webapp.views.schemas import ViewEdit, ViewIn, ViewOut

bp = Feature("all_views", "/views")


@bp.get("")
def index() -> Reply[Slice[ViewOut]]:
    """The caller's saved views over all projects."""
    return pages.listing(None)


@bp.page("/new")
def new() -> Page:
    """The form for a new view; the query string fills it in."""
    return pages.new(None)


@bp.post("", form="new", creates=True)
def create(body: ViewIn, by: Viewer) -> Reply[ViewOut]:
    """Save a view over all projects; it is a private list."""
    return pages.create(None, body, by=by)


@bp.get("/<number:view>")
def show(view: int) -> Reply[ViewOut]:
    """One of them. A browser is shown the issues that it asks for."""
    return pages.show(None, view)


@bp.page("/<number:view>/edit")
def edit(view: int) -> Page:
    """The form that changes a view."""
    return pages.of_one("views/edit.html", None, view)


@bp.patch("/<number:view>", form="edit")
def update(view: int, body: ViewEdit, by: Viewer) -> Reply[ViewOut]:
    """Change a view over all projects, or pin it."""
    return pages.update(None, view, body, by=by)


@bp.page("/<number:view>/delete")
def confirm_remove(view: int) -> Page:
    """Asks before a view is deleted."""
    return pages.of_one("views/delete.html", None, view)


@bp.delete("/<number:view>")
def remove(view: int, by: Viewer) -> Reply[None]:
    """Delete a saved view. The issues that it shows stay."""
    return pages.remove(None, view, by=by)
