"""What of an event may be told: of a deleted comment nothing, though it can be restored for a while."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, exists, literal
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from webapp.events.happening import DOT
from webapp.events.kinds import KINDS, Ticked
from webapp.models.comments import Comment
from webapp.models.events import Event

# Kinds that quote a text, by its tasks, and what they tell once that is gone.
QUOTING = tuple(kind for kind, one in KINDS.items() if one.erases.words)
UNQUOTED = Ticked([DOT], [])


def comment_of(data: Any) -> ColumnElement[int]:
    """The id of the comment that an event's data speak of."""
    told: ColumnElement[int] = data["comment"].astext.cast(BigInteger)
    return told


def readable_data(kind: Any = Event.kind, data: Any = Event.data) -> ColumnElement[Any]:
    """An event's data as it may be told now, in the place of its own column."""
    deleted = aliased(Comment)  # a statement that tells comments as well has them under their own name
    is_gone = exists().where(deleted.id == comment_of(data), deleted.deleted_at.is_not(None))
    quoted = {key: UNQUOTED.data()[key] for key in Ticked.erases.words}
    unquoted = data.concat(literal(quoted, JSONB))
    return case((and_(kind.in_(QUOTING), is_gone), unquoted), else_=data).label("data")
