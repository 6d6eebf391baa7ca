from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from webapp.accounts.schemas import PersonOut
from webapp.inbox.schemas import ReasonName
from webapp.types import MAX_ID, Cursor, In, Limit, Out, Slice


class DeliveriesQuery(In):
    user: Annotated[
        int | None,
        Field(ge=1, le=MAX_ID, description="Whose; administrators see everybody's without it, others their own."),
    ] = None
    limit: Limit = 50
    cursor: Cursor | None = None


class DeliveryOut(Out):
    """What somebody was told by one way: what `actor` did by the events from the first to the last."""

    id: int
    user: PersonOut
    actor: PersonOut | None
    kinds: Annotated[list[str], Field(description="The kinds of these events.")]
    first_event: int
    last_event: int
    way: Literal["inbox", "mail", "digest"]
    reason: ReasonName
    rule: Annotated[str, Field(description="What decided about the way: what is usual, or was chosen.")]
    state: Literal["waiting", "sent", "dropped", "failed"]
    answer: Annotated[str | None, Field(description="What the mail server said, or why it was dropped.")]
    due_at: Annotated[datetime | None, Field(description="When the mail is due; null where none is posted yet.")]
    created_at: datetime
    sent_at: datetime | None


class MissedOut(Out):
    """One of the last events that somebody was not told of, and why, by what is chosen now."""

    id: int
    kind: str
    actor: PersonOut
    created_at: datetime
    why: str


class DeliveriesOut(Slice[DeliveryOut]):
    missed: Annotated[list[MissedOut], Field(description="Of one person alone.")]
