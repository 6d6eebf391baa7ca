from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from webapp.accounts.schemas import PersonOut
from webapp.types import MAX_ID, Cursor, In, Out


class PartOut(Out):
    kind: Literal["same", "old", "new"]
    text: str


class LineOut(Out):
    """A line; of a `changed` one the parts tell what. A `gap` says how many lines are left out."""

    kind: Literal["same", "old", "new", "changed", "gap"]
    parts: list[PartOut]


class VersionOut(Out):
    """A text that was replaced, and how it became the one that followed."""

    version: int
    body: Annotated[str | None, Field(description="Null if it was forgotten.")]
    forgotten_at: datetime | None
    replaced_by: PersonOut
    replaced_at: datetime
    diff: Annotated[
        list[LineOut] | None,
        Field(description="Null if the texts are too long to be compared, if it was left out, or one was forgotten."),
    ]
    is_left_out: Annotated[
        bool,
        Field(description="Whether the comparison was left out of a page with many: `?version=` has it alone."),
    ]


class HistoryQuery(In):
    limit: Annotated[int, Field(ge=1, le=10)] = 10
    cursor: Cursor | None = None
    version: Annotated[int | None, Field(ge=1, le=MAX_ID, description="Only this one.")] = None
