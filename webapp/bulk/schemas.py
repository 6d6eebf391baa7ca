from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from webapp.changes.limits import MOST
from webapp.changes.schemas import BelongingsOut
from webapp.issues.schemas import AlikeEdit, Assignees, Labels, ProjectRef
from webapp.types import MAX_ID, UNSET, In, Out, clean, example

Number = Annotated[int, Field(ge=1, le=MAX_ID)]
Numbers = Annotated[list[Number], Field(max_length=MOST)]
Query = Annotated[
    str | None, BeforeValidator(clean), Field(max_length=500, description="Which issues, in the words of the search.")
]


class BulkQuery(In):
    q: Query = None


Part = Literal["", "close", "status", "priority", "assignees", "labels", "milestone", "dates"]


class ChosenQuery(BulkQuery):
    """What a page is opened with: a query, or the issues that were ticked in a list; and the one thing to do.

    With `every` all that match are meant, whichever of them were ticked.
    """

    numbers: Annotated[list[Number], Field(max_length=500)] = []
    every: bool = False
    do: Part = ""


class BulkEdit(AlikeEdit, json_schema_extra=example(numbers=[1], priority="high")):
    """Only what is sent is changed."""

    keeps: ClassVar[bool] = True
    numbers: Annotated[Numbers, Field(description="Only these; with `q`, those of them that match.")] = UNSET
    expected: Annotated[
        int | None, Field(ge=0, le=MAX_ID, description="How many were shown. If other than that, 409.")
    ] = None
    add_labels: Labels = []
    remove_labels: Labels = []
    add_assignees: Assignees = []
    remove_assignees: Assignees = []
    move_to: Annotated[ProjectRef, Field(description="Another project. Nothing else can be sent with it.")] = UNSET
    delete: Annotated[bool, Field(description="Into the trash. Nothing else can be sent with it.")] = False
    force: Annotated[
        bool, Field(description="Close them although they have open sub-issues or are blocked by open issues.")
    ] = False

    @property
    def sent(self) -> dict[str, Any]:
        """The fields that are to be changed, without what only says which issues, and how."""
        return self.model_dump(exclude_unset=True, exclude={"numbers", "expected", "force"})


class BulkUndoIn(In, json_schema_extra=example(change="0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90")):
    change: UUID = Field(description="The `change_id` of the answer.")


class RefusalOut(Out):
    number: int
    detail: str


class BulkOut(Out):
    changed: int
    unchanged: Annotated[int, Field(description="How many were like this before.")]
    refused: Annotated[list[RefusalOut], Field(description="Those that stay as they are, and why.")]
    change_id: Annotated[UUID | None, Field(description="What the events share, and what undoes them.")]
    warnings: Annotated[
        list[str],
        Field(
            description="What `q` names and is not there, in words; left out for nothing.",
            exclude_if=lambda it: not it,
        ),
    ] = []
    left_behind: Annotated[
        BelongingsOut | None,
        Field(description="Only of a move: what they could not take along.", exclude_if=lambda it: it is None),
    ] = None
