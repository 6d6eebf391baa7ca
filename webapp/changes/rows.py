"""An issue that is changed, as it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from webapp.issues.rows import Typed
from webapp.models.issues import Priority

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row(Typed):
    """An issue as it is before. Its text is only there where that is changed."""

    id: int
    number: int
    author_id: int
    state: str
    close_reason: str | None
    status_id: int
    priority: Priority
    milestone_id: int | None
    parent_id: int | None
    version: int
    label_ids: Sequence[int]
    assignee_ids: Sequence[int]
    deleted_at: datetime | None
    body: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class WholeRow(Row):
    """The same with its text, and with the rest of what is told of it."""

    created_at: datetime = NEVER
    updated_at: datetime = NEVER
    closed_at: datetime | None = None
    comment_count: int = 0
    reactions: Sequence[int] = ()
    body_html: str | None = None
    html_version: int | None = None
