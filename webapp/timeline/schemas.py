from datetime import datetime
from typing import Any

from pydantic import Field

from webapp.types import Cursor, In, Limit, Out


class PersonOut(Out):
    id: int
    name: str


class EventOut(Out):
    id: int
    kind: str
    actor: PersonOut
    data: dict[str, Any]
    created_at: datetime


class EventQuery(In):
    limit: Limit = Field(50)
    cursor: Cursor | None = None
