"""HTML is kept beside its text and made again when the renderer changes."""

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import ARRAY, BigInteger, Table, Text, Update, column, func, literal, select, update

from webapp.text.markdown import Links, render, version

# By the row's id: the text that was rendered, and what came of it.
Made = dict[int, tuple[str, str]]


class Rendered(Protocol):
    """A row with a text and what was made of it."""

    @property
    def id(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def body_html(self) -> str | None: ...
    @property
    def html_version(self) -> int | None: ...


def is_outdated(row: Rendered) -> bool:
    """Whether its HTML has to be made, and what it names therefore to be looked up."""
    return bool(outdated((row,)))


def outdated(rows: Iterable[Rendered]) -> list[int]:
    """The ids of those of which it has to be made."""
    now = version()
    return [row.id for row in rows if row.html_version != now or row.body_html is None]


def html_of(row: Rendered, made: Made, links: Links | None = None) -> str:
    """The row's HTML; if it had to be made now, `made` gets it under the row's id, to be stored.

    `links` are needed for an outdated row only.
    """
    if row.body_html is not None and not is_outdated(row):
        return row.body_html
    html = render(row.body, links)
    made[row.id] = row.body, html
    return html


def kept(html: str | None) -> dict[str, Any]:
    """The columns of a row whose HTML is this, or is still to be made."""
    return {"body_html": html, "html_version": version() if html is not None else None}


def storing(table: Table, made: Made) -> Update:
    """The statement that stores what was made, wherever the text is still the one that it was made of.

    It happens while somebody only reads: a row that is being changed is passed over, not waited for, and
    one that is gone by now is none of its business.
    """
    # As arrays, so that the statement is the same for any number of rows, and is not written anew each time.
    ids, bodies, htmls = (list(part) for part in zip(*((id, *both) for id, both in made.items()), strict=True))
    texts = ARRAY(Text)
    rows = func.unnest(literal(ids, ARRAY(BigInteger)), literal(bodies, texts), literal(htmls, texts))
    columns = column("id", BigInteger), column("body", Text), column("html", Text)
    fresh = rows.table_valued(*columns, name="fresh").render_derived()
    same: Any = (table.c.id == fresh.c.id, table.c.body == fresh.c.body)
    idle = select(table.c.id).join(fresh, same[0]).where(same[1]).with_for_update(skip_locked=True, of=table)
    return (
        update(table)
        .where(*same, table.c.id.in_(idle.correlate(None)))
        .values(body_html=fresh.c.html, html_version=version())
    )
