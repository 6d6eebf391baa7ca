"""An issue that is changed, as it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.issues.rows import Typed
from webapp.models.issues import Priority


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
