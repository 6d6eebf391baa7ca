from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator

from webapp.accounts.schemas import PersonOut
from webapp.issues.schemas import IssueItem
from webapp.types import MAX_ID, UNSET, Cursor, In, Limit, Out, clean, example

MOST = 1000
# Those of webapp/models/inbox.py; the API document has another Reason already.
ReasonName = Literal["assigned", "mentioned", "author", "commented", "query", "new_issue", "watching"]
ItemId = Annotated[int, Field(ge=1, le=MAX_ID)]
Query = Annotated[
    str,
    BeforeValidator(clean),
    Field(
        max_length=1000,
        examples=["is:unread reason:mentioned project:CAIRN"],
        description="`is:` unread, read, snoozed, done or all; `reason:`, `project:`, and words of the title."
        " Without a word about it, neither what is done nor what sleeps.",
    ),
]


Until = Annotated[
    str,
    BeforeValidator(clean),
    Field(
        max_length=40,
        examples=["tomorrow"],
        description="A time; a day, which begins at nine; or `later`, `tomorrow`, `next-week`. Null wakes it.",
    ),
]


class InboxQuery(In):
    q: Query = ""
    limit: Limit = 50
    cursor: Cursor | None = None


class WhereQuery(In):
    """Which rows are meant, and where a page goes on afterwards."""

    q: Query = ""
    then: Annotated[ItemId | None, Field(description="The row that a page goes on with.")] = None
    cursor: Annotated[Cursor | None, Field(description="The part of the list that a page goes on with.")] = None


class InboxEdit(In, json_schema_extra=example(done=True)):
    """Only what is sent is changed."""

    beside: ClassVar[frozenset[str]] = frozenset({"on"})

    done: Annotated[bool, Field(description="Put aside, until something happens to it.")] = UNSET
    unread: bool = UNSET
    snoozed_until: Until | None = UNSET
    muted: Annotated[
        bool, Field(description="Hear no more of the issue, and be done with it; or hear of it as before.")
    ] = UNSET
    up_to: Annotated[
        ItemId | None,
        Field(description="The last event that was shown. Rows that tell of later ones stay as they are."),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _day(cls, sent: Any) -> Any:
        """A form has a field for the day, which counts if that way was chosen."""
        if not isinstance(sent, dict):
            return sent
        on = sent.pop("on", None)
        return {**sent, "snoozed_until": on or "a day"} if sent.get("snoozed_until") == "on" else sent

    @property
    def sent(self) -> dict[str, Any]:
        """What is to be changed."""
        return self.model_dump(exclude_unset=True, include={"done", "unread", "snoozed_until", "muted"})


class SnoozeIn(In, json_schema_extra=example(snoozed_until="2030-03-31")):
    """What the page for it sends."""

    snoozed_until: Annotated[Until, Field(min_length=1)]


class ManyEdit(InboxEdit, json_schema_extra=example(done=True)):
    """The same for many rows: those that match the query, of these only the ticked ones if any are sent."""

    ids: Annotated[list[ItemId], Field(max_length=MOST, description="Only these, if they match.")] = UNSET
    every: Annotated[bool, Field(description="What a page sends for all that match, ticked or not.")] = False


class InboxUndoIn(In, json_schema_extra=example(change="0b4c3f52-1d8e-4a77-9c0d-6f2f3a1e5b90")):
    change: UUID = Field(description="The `change_id` of the answer.")


class NewsOut(Out):
    """Something that happened to the issue; `said` is the beginning of a comment."""

    id: int
    kind: str
    actor: PersonOut
    data: dict[str, Any]
    created_at: datetime
    said: str


class InboxItemOut(Out):
    """An issue that the caller was told of. `events` are the last that happened since they read it."""

    id: int
    reason: ReasonName
    issue: IssueItem
    unread: bool
    first_unread: Annotated[int | None, Field(description="The first event that was not read.")]
    last_event: Annotated[int, Field(description="The last event that it tells of: what `up_to` takes.")]
    updated_at: datetime
    done: bool
    snoozed_until: datetime | None
    muted: bool
    events: list[NewsOut]
    has_earlier: Annotated[bool, Field(description="Whether more happened before those.")]


class InboxChangeOut(Out):
    changed: int
    change_id: Annotated[UUID | None, Field(description="What undoes it.")]
