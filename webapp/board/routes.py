from typing import Any

from flask import request, url_for

from webapp.board import moving
from webapp.board import service as board
from webapp.board.schemas import BoardOut, BoardQuery, CardMoveIn, CardPlaceOut
from webapp.http import Done, Feature, Form, Page, Reply, me, viewer
from webapp.http.canonical import project_at, project_for
from webapp.http.input import checked, query_of
from webapp.http.pages import kept
from webapp.projects.service import ProjectRow
from webapp.undo.notice import undo_of
from webapp.views import bar

bp = Feature("board", "/projects/<project:project>/board")


@bp.get("", form="query")
def show(project: str, query: BoardQuery) -> Reply[BoardOut]:
    """The issues of a project as cards in columns, the first fifty of each, or fewer where there are many columns.

    With `column`, those of one column.
    """
    found = project_at(project)
    view = bar.instead(found, viewer()) if query.view else None
    return Done(None, at=view) if view else kept(found, lambda: _page(found, query))


@bp.page("/query")
def query(project: str) -> Page:
    """The same board with a query that could not be read, and why; by status if its labels may be gone."""
    asked = query_of(BoardQuery).model_copy(update={"q": None, "cursor": None})
    if asked.by.startswith("label:"):
        asked = asked.model_copy(update={"by": "status", "column": None})
    return _page(project_at(project), asked, q=request.args.get("q", ""))


@bp.post("/moves", form="show_again")
def move(project: str, body: CardMoveIn) -> Reply[CardPlaceOut]:
    """Move a card: into another column, or to another place of its own."""
    found = project_for(project)
    place = moving.move(found, body, by=me())
    said: dict[str, Any] = {"by": body.by if body.by != "status" else None, "q": request.args.get("q") or None}
    said["view"] = request.args.get("view") or None
    at = url_for(".show", project=found.key, **said, _anchor=f"card-{place.number}")
    say = f"{found.key}-{place.number} moved to {place.name}."
    return Done(place, at=at, say=say, undo=undo_of(found, place.number) if place.is_changed else None)


@bp.page("/moves")
def show_again(project: str) -> Page:
    """The board with a move that was refused, and why."""
    by = request.form.get("by") or request.args.get("by") or "status"
    return _page(project_at(project), checked(BoardQuery.model_validate, {"by": by}))


def _page(found: ProjectRow, query: BoardQuery, **context: Any) -> Page:
    shown = board.of(found, query, viewer())
    asked: dict[str, Any] = {"by": query.by if query.by != "status" else None, "q": query.q}
    for column in shown.columns:
        if column.after:
            column.next = url_for(".show", project=found.key, **asked, column=column.key, cursor=column.after)
    return Page(
        "board/show.html",
        shown,
        board=shown,
        project=found,
        query=query,
        form=lambda: Form.of(),
        groupings=lambda: board.groupings(found),
        bar=lambda: bar.of_board(found, query.view, query.q, query.by, viewer()),
        **{"q": query.q or "", **context},
    )
