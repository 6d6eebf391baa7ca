from datetime import datetime
from typing import Any

from pydantic import Field

from webapp.accounts.schemas import PersonOut
from webapp.types import Cursor, In, Limit, Out


class EventOut(Out):
    id: int
    kind: str
    actor: PersonOut
    data: dict[str, Any]
    created_at: datetime


class EventQuery(In):
    limit: Limit = Field(50)
    cursor: Cursor | None = None
