from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from webapp.accounts.schemas import PersonOut
from webapp.board.schemas import Grouping
from webapp.issues.schemas import Query
from webapp.types import UNSET, In, Name, Out, Version, example

Layout = Annotated[Literal["list", "board"], Field(description="How its issues are shown.")]
Shared = Annotated[bool, Field(description="Seen by everybody who sees the project; else by its owner alone.")]
Pinned = Annotated[bool, Field(description="Stands above lists and boards, for everybody who sees the view.")]


class ViewIn(In, json_schema_extra=example(name="Bugs", query="is:open label:bug")):
    """`by` says what the columns of a board stand for."""

    name: Name
    query: Query = ""
    layout: Layout = "list"
    by: Grouping = "status"
    shared: Shared = False
    pinned: Pinned = False


class ViewEdit(In, json_schema_extra=example(query="is:open")):
    name: Name = UNSET
    query: Query = UNSET
    layout: Layout = UNSET
    by: Grouping = UNSET
    shared: Shared = UNSET
    pinned: Pinned = UNSET
    default: Annotated[bool, Field(description="The project's list opens with it. Maintainers say so.")] = UNSET
    version: Version | None = None


class ViewOut(Out):
    id: int
    name: str
    query: Annotated[str, Field(description="In the names of today: it means what they meant when it was saved.")]
    warnings: Annotated[list[str], Field(description="What the query names and is there no more, in words.")]
    layout: Layout
    by: str
    shared: bool
    pinned: bool
    default: bool
    owner: PersonOut
    created_at: datetime
    updated_at: datetime
    version: int
