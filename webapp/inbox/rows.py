"""What an inbox tells: a row for each issue, with what happened to it since it was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.accounts.rows import Person
from webapp.events.happening import Happening
from webapp.issues.rows import IssueRow


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened to an issue; of a comment with the beginning of what it says."""

    id: int
    actor: Person
    happened: Happening
    created_at: datetime
    said: str

    @property
    def kind(self) -> str:
        return self.happened.kind

    @property
    def data(self) -> dict[str, Any]:
        """What it tells, as answers have it."""
        return self.happened.data()


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An issue that somebody was told of: why, and what they have not read of it.

    `events` are the last that happened since then, oldest first; `has_earlier` says that there are more.
    """

    id: int
    reason: str
    issue: IssueRow
    first_unread: int | None
    last_event: int
    updated_at: datetime
    done_at: datetime | None
    snoozed_until: datetime | None
    muted: bool
    events: Sequence[News] = ()
    has_earlier: bool = False

    @property
    def unread(self) -> bool:
        return self.first_unread is not None

    @property
    def done(self) -> bool:
        return self.done_at is not None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows are alike in what filters ask for; none of them is done."""

    reason: str
    project_key: str
    project_name: str
    unread: bool
    snoozed: bool
    number: int
