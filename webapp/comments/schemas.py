from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field, model_validator

from webapp.accounts.schemas import PersonOut
from webapp.issues.schemas import Held, Reactions
from webapp.models.issues import State
from webapp.types import UNSET, Body, Cursor, In, Limit, Out, Version, example

Private = Annotated[
    bool, Field(description="Seen by its author and those who see what is private in the project, who may say so.")
]


class CommentIn(In, json_schema_extra=example(body="Seen.")):
    beside: ClassVar[frozenset[str]] = frozenset({"anyway"})

    body: Body
    state: Annotated[State | None, Field(description="Also close or reopen the issue, in the same change.")] = None
    force: Annotated[bool, Field(description="Close it although it has open parts or is blocked.")] = False
    private: Private = False

    @model_validator(mode="before")
    @classmethod
    def without_anyway(cls, data: Any) -> Any:
        """What only a page's form says, to be asked no more whether a press would do."""
        return {name: value for name, value in data.items() if name != "anyway"} if isinstance(data, dict) else data


class CommentEdit(In, json_schema_extra=example(body="Seen, and mended.")):
    body: Body = UNSET
    private: Private = UNSET
    version: Version | None = None


class CommentQuery(In):
    limit: Limit = 50
    cursor: Cursor | None = None


class CommentOut(Out):
    id: int
    author: PersonOut
    body: str
    body_html: str
    private: bool
    held: Held = False
    created_at: datetime
    edited_at: datetime | None
    reactions: Reactions
    version: int


class ClosedOut(Out):
    """Issues of a project that a comment closed; POST the id to the project's `/issues/undo` to open them again."""

    keys: list[str]
    change_id: UUID


class LeftOpenOut(Out):
    """An issue that a comment or commit says is fixed, and why it stays open."""

    key: str
    detail: str


class CommentMade(CommentOut):
    closed: list[ClosedOut] = Field(
        [], exclude_if=lambda closed: not closed, description="What it closed by saying so; left out for nothing."
    )
    unheard: list[PersonOut] = Field(
        [],
        exclude_if=lambda unheard: not unheard,
        description="Whom it names and who hear nothing, as it is private; left out for nobody.",
    )
    left_open: list[LeftOpenOut] = Field(
        [],
        exclude_if=lambda left: not left,
        description="What it did not close although it says so, and why; left out for nothing.",
    )
