from typing import Any

from flask import request, url_for

from webapp.access import Viewer
from webapp.board import moving
from webapp.board import service as board
from webapp.board.schemas import BoardOut, BoardQuery, CardMoveIn, CardPlaceOut
from webapp.editing.notice import undo_of
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.http.input import checked, query_of
from webapp.http.pages import kept
from webapp.i18n import _
from webapp.projects.service import ProjectRow
from webapp.views import bar

bp = Feature("board", "/projects/<project:project>/board")


@bp.get("", form="query")
def show(project: ProjectRow, query: BoardQuery, by: Viewer | None) -> Reply[BoardOut]:
    """The issues of a project as cards in columns, the first fifty of each, or fewer where there are many columns.

    With `column`, those of one column.
    """
    view = bar.instead(project, by) if query.view else None
    return Done(None, at=view) if view else kept(project, lambda: _page(project, query, by=by))


@bp.page("/query")
def query(project: ProjectRow, by: Viewer | None) -> Page:
    """The same board with a query that could not be read, and why; by status if its labels may be gone."""
    asked = query_of(BoardQuery).model_copy(update={"q": None, "cursor": None})
    if asked.by.startswith("label:"):
        asked = asked.model_copy(update={"by": "status", "column": None})
    return _page(project, asked, q=request.args.get("q", ""), by=by)


@bp.post("/moves", form="show_again")
def move(project: ProjectRow, body: CardMoveIn, by: Viewer) -> Reply[CardPlaceOut]:
    """Move a card: into another column, or to another place of its own."""
    moved = moving.move(project, body, by=by)
    params: dict[str, Any] = {"by": body.by if body.by != "status" else None, "q": request.args.get("q") or None}
    params["view"] = request.args.get("view") or None
    at = url_for(".show", project=project.key, **params, _anchor=moved.card)
    say = _("%(key)s moved to %(column)s.", key=f"{project.key}-{moved.number}", column=moved.name)
    return Done(moved, at=at, say=say, undo=undo_of(project, moved.number, moved.change))


@bp.page("/moves")
def show_again(project: ProjectRow, by: Viewer | None) -> Page:
    """The board with a move that was refused, and why."""
    grouped = request.form.get("by") or request.args.get("by") or "status"
    return _page(project, checked(BoardQuery.model_validate, {"by": grouped}), by=by)


def _page(project: ProjectRow, query: BoardQuery, by: Viewer | None, **context: Any) -> Page:
    shown = board.of(project, query, by)
    asked: dict[str, Any] = {"by": query.by if query.by != "status" else None, "q": query.q}
    for column in shown.columns:
        if column.after:
            column.next = url_for(".show", project=project.key, **asked, column=column.key, cursor=column.after)
    return Page(
        "board/show.html",
        shown,
        board=shown,
        project=project,
        query=query,
        form=lambda: Form.of(),
        groupings=lambda: board.groupings(project),
        bar=lambda: bar.of_board(project, query.view, query.q, query.by, by),
        **{"q": query.q or "", **context},
    )
