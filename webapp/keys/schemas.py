from typing import Annotated, Literal

from pydantic import Field

from webapp.types import In, Line, Out


class KeysIn(In):
    keys: Literal["on", "off"]


class KeyOut(Out):
    keys: str
    does: str


class GroupOut(Out):
    """The keys that work in one place."""

    name: str
    keys: list[KeyOut]


class PaletteQuery(In):
    q: Annotated[Line, Field(max_length=1000)] = ""
    at: Annotated[
        Line, Field(max_length=2000, description="The path of the page that is open: what is near it comes first.")
    ] = ""


class PlaceOut(Out):
    """Somewhere to go: an issue, a project or a page, with its address."""

    kind: Literal["issue", "project", "page"]
    name: str
    key: str
    at: str
