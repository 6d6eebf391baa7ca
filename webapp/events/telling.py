"""What of an event may be told: of a deleted comment nothing, though it can be restored for a while."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, exists, literal
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from webapp.comments.models import Comment
from webapp.events.models import Event

# An event of ticking quotes the tasks.
UNQUOTED = {"added": ["…"], "removed": []}


def comment_of(data: Any) -> ColumnElement[int]:
    """The id of the comment that an event's data speak of."""
    told: ColumnElement[int] = data["comment"].astext.cast(BigInteger)
    return told


def told(kind: Any = Event.kind, data: Any = Event.data) -> ColumnElement[Any]:
    """An event's data as it may be told now, in the place of its own column."""
    deleted = aliased(Comment)  # a statement that tells comments as well has them under their own name
    is_gone = exists().where(deleted.id == comment_of(data), deleted.deleted_at.is_not(None))
    unquoted = data.concat(literal(UNQUOTED, JSONB))
    return case((and_(kind == "ticked", is_gone), unquoted), else_=data).label("data")
