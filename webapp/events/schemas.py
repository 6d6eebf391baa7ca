from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from webapp.accounts.schemas import PersonOut
from webapp.types import Cursor, In, Limit, Out


class EventOut(Out):
    """Something that happened. `mentioned` are the texts elsewhere that name the issue, with ids of their own."""

    id: int
    kind: str
    actor: PersonOut
    data: dict[str, Any]
    created_at: datetime
    change_id: Annotated[
        UUID | None,
        Field(description="Events of one save share it. Null for `mentioned`: nothing changed here."),
    ]


class EventQuery(In):
    limit: Limit = Field(50)
    cursor: Cursor | None = None
