"""HTML is kept beside its text and made again when the renderer changes."""

from typing import Protocol

from webapp.text.markdown import VERSION, render


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


def html_of(row: Rendered, made: dict[int, str]) -> str:
    """The row's HTML; if it had to be made now, `made` gets it under the row's id, to be stored."""
    if row.html_version == VERSION and row.body_html is not None:
        return row.body_html
    html = made[row.id] = render(row.body)
    return html


def stored(made: dict[int, str]) -> list[dict[str, object]]:
    """What was made, as the values of an update by id."""
    return [{"id": id, "body_html": html, "html_version": VERSION} for id, html in made.items()]
