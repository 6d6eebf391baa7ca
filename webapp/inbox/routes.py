from typing import Any

from flask import url_for

from webapp import clock
from webapp.access import Viewer
from webapp.errors import Invalid
from webapp.http import Done, Feature, Form, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.http.notices import Undo
from webapp.http.pages import kept
from webapp.i18n import _
from webapp.inbox import filters, saying
from webapp.inbox import service as inbox
from webapp.inbox.schemas import (
    InboxChangeOut,
    InboxEdit,
    InboxItemOut,
    InboxQuery,
    InboxUndoIn,
    ManyEdit,
    SnoozeIn,
    WhereQuery,
)
from webapp.inbox.service import Changed
from webapp.types import Slice

bp = Feature("inbox", "/inbox")


@bp.get("", form="index")
def index(query: InboxQuery, by: Viewer) -> Reply[Slice[InboxItemOut]]:
    """What the caller was told of: one row an issue, the last told first."""
    made_of = inbox.edition(query.q, by) if wants_page() else None
    return kept(made_of, lambda: _listed(query, by)) if made_of is not None else _listed(query, by)


@bp.get("/<number:item>")
def show(item: int, by: Viewer) -> Reply[InboxItemOut]:
    """One row. A browser is shown the issue, from what is new on."""
    row = inbox.get(item, by)
    return Done(row, at=saying.address(row))


@bp.page("/<number:item>/snooze")
def snooze(item: int, query: WhereQuery, by: Viewer) -> Page:
    """The form that says until when an issue sleeps."""
    return Page("inbox/snooze.html", row=inbox.get(item, by), query=query, form=Form.of())


@bp.page("/<number:item>/snooze", method="POST", form="snooze")
def put_to_sleep(item: int, query: WhereQuery, body: SnoozeIn, by: Viewer) -> Done:
    """Let an issue sleep until the day that was typed on the page for it."""
    return _changed(item, query, body.model_dump(), by)


@bp.patch("/<number:item>", form="index")
def update(item: int, query: WhereQuery, body: InboxEdit, by: Viewer) -> Reply[InboxItemOut]:
    """Change a row: done, unread, asleep until a time, or muted."""
    return _changed(item, query, body.sent, by, up_to=body.up_to)


@bp.patch("", form="index")
def update_many(query: WhereQuery, body: ManyEdit, by: Viewer) -> Reply[InboxChangeOut]:
    """Change all rows that match a query, of these only the ticked ones, if any are sent."""
    change = inbox.edit_many(query.q, _ticked(body), body.sent, by, up_to=body.up_to)
    say = saying.of_many(change.changed, body.sent)
    first = body.ids[0] if body.ids and not body.every else None
    return Done(change, at=_back(query), say=say, undo=lambda: _undo_of(change, query, first))


@bp.post("/undo")
def undo(query: WhereQuery, body: InboxUndoIn, by: Viewer) -> Reply[InboxChangeOut]:
    """Undo a change of rows. What they were told since then stays unread."""
    number = inbox.undo(body.change, by)
    return Done(Changed(number, None), at=_back(query), say=saying.as_before(number))


def _changed(item: int, query: WhereQuery, sent: dict[str, Any], by: Viewer, up_to: int | None = None) -> Done:
    row, change = inbox.edit(item, sent, by, up_to=up_to)
    return Done(row, at=_back(query), say=saying.of_one(row, sent), undo=lambda: _undo_of(change, query, item))


def _ticked(body: ManyEdit) -> list[int] | None:
    """The rows that were ticked; None for all that match. A page says so, or ticks some."""
    if "every" not in body.model_fields_set and "ids" not in body.model_fields_set:
        return None
    if body.every:
        return None
    if not body.ids:
        raise Invalid.on("", _("Tick some first, or choose all that match."))
    return body.ids


def _listed(query: InboxQuery, by: Viewer) -> Page:
    page, asked = inbox.listing(query.q, query.cursor, query.limit, by)
    limit = query.limit if query.limit != 50 else None
    page.next, page.previous = (
        url_for(".index", q=asked.text or None, limit=limit, cursor=cursor) if cursor else None
        for cursor in (page.after, page.before)
    )
    return Page(
        "inbox/index.html",
        page,
        page=page,
        form=Form.of({"q": asked.text}),
        query=query,
        asked=asked,
        filters=lambda: filters.of(asked, inbox.counts(by)),
        reasons=saying.REASONS,
        now=clock.now(),
    )


def _undo_of(change: Changed, query: WhereQuery, row: int | None) -> Undo | None:
    """What leads back to the same list, at the row that is there again."""
    at = url_for(".undo", **_place(query), then=row)
    return Undo(at, str(change.change_id)) if change.change_id else None


def _back(query: WhereQuery) -> str:
    """The list that a page came from, at the row to go on with."""
    return url_for(".index", **_place(query), _anchor=f"i{query.then}" if query.then else None)


def _place(query: WhereQuery) -> dict[str, Any]:
    return {"q": query.q or None, "cursor": query.cursor}
