from datetime import datetime
from typing import Literal

from webapp.accounts.schemas import PersonOut
from webapp.types import Cursor, In, Limit, Out


class TrashedOut(Out):
    """A deleted issue, or a deleted comment (then with its id in `comment`)."""

    kind: Literal["issue", "comment"]
    key: str
    number: int
    title: str
    comment: int | None
    excerpt: str
    author: PersonOut
    deleted_by: PersonOut
    deleted_at: datetime
    days_left: int


class TrashQuery(In):
    limit: Limit = 50
    cursor: Cursor | None = None
