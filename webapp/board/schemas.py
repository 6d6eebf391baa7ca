from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from webapp.i18n import N_
from webapp.issues.schemas import IssueItem, OpenView, Query
from webapp.models.statuses import Category
from webapp.types import MAX_ID, Cursor, Formed, In, Out, clean, example

Grouping = Annotated[
    str,
    BeforeValidator(clean),
    Formed(
        "^(status|assignee|milestone|priority|label:.+)$",
        N_("must be status, assignee, milestone, priority, or label: and a scope"),
    ),
    Field(
        max_length=110,
        description="`status`, `assignee`, `milestone`, `priority`, or `label:` and the scope of labels.",
    ),
]
Key = Annotated[str, BeforeValidator(clean), Field(min_length=1, max_length=110)]
Number = Annotated[int, Field(ge=1, le=MAX_ID)]


class BoardQuery(In):
    by: Grouping = "status"
    q: Annotated[Query | None, Field(description="Only cards that match.")] = None
    column: Annotated[Key | None, Field(description="Only this column, by its key.")] = None
    cursor: Annotated[Cursor | None, Field(description="Further cards of that column.")] = None
    view: OpenView = None


class CardMoveIn(In, json_schema_extra=example(number=1, column="In progress")):
    """Where a card goes: into a column, and there between cards, or to an end."""

    beside: ClassVar[frozenset[str]] = frozenset({"card"})

    by: Grouping = "status"
    number: Number
    column: Annotated[Key | None, Field(description="The key of the column; left out, it stays in its own.")] = None
    from_column: Annotated[
        Key | None, Field(description="Which of its columns it leaves, if it may be in several.")
    ] = None
    after: Annotated[Number | None, Field(description="The number of the card above it.")] = None
    before: Annotated[Number | None, Field(description="The number of the card below it.")] = None
    place: Annotated[
        Literal["top", "bottom", "up", "down"] | None, Field(description="The top unless another place is said.")
    ] = None
    force: Annotated[bool, Field(description="Close it although it has open sub-issues or is blocked.")] = False

    @model_validator(mode="before")
    @classmethod
    def read_card(cls, data: Any) -> Any:
        """A form says the number and the column that the card stands in as one word."""
        if isinstance(data, dict) and isinstance(data.get("card"), str):
            card = data.pop("card")
            number, _, column = card.partition(" ")
            data = {**data, "number": number, **({"from_column": column} if column else {})}
        return data


class ColumnOut(Out):
    key: str
    name: str
    category: Category | None
    count: Annotated[int | None, Field(description="null beyond 1,000.")]
    limit: Annotated[int | None, Field(description="How many cards there should be at most.")]
    is_over: bool
    items: list[IssueItem]
    next: str | None


class BoardOut(Out):
    by: str
    columns: list[ColumnOut]
    warnings: Annotated[list[str], Field(description="What the query names and is not there, in words.")]


class CardPlaceOut(Out):
    """Where a card is: its column, and its rank, by which cards are ordered."""

    number: int
    column: str
    rank: str
