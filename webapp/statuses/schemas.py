from typing import Annotated

from pydantic import Field

from webapp.models.statuses import Category
from webapp.types import MAX_ID, UNSET, In, Name, Out, example

Position = Annotated[int, Field(ge=0, le=49, description="Its place in the order, from 0; the others make room.")]


WipLimit = Annotated[int, Field(ge=1, le=999, description="How many issues should have it at most; boards warn.")]


class StatusIn(In, json_schema_extra=example(name="Waiting", category="started")):
    name: Name
    category: Category
    position: Position | None = None
    wip_limit: WipLimit | None = None


class StatusEdit(In, json_schema_extra=example(name="On hold")):
    name: Name = UNSET
    category: Category = UNSET
    position: Position = UNSET
    wip_limit: WipLimit | None = UNSET


class StatusRemovalIn(In, json_schema_extra=example()):
    to: Annotated[
        int | None, Field(ge=1, le=MAX_ID, description="The status that its issues get; needed if there are any.")
    ] = None


class StatusOut(Out):
    id: int
    name: str
    category: Category
    position: int
    wip_limit: int | None
