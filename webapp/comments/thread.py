"""What an issue's page tells below its description: comments and events in their order."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.accounts.rows import Person
from webapp.comments import service as comments
from webapp.comments.service import CommentRow
from webapp.timeline import service as timeline
from webapp.timeline.service import EventRow

FOLDED_ABOVE, FIRST, LAST = 100, 20, 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the thread: an event, or a comment (then with a text)."""

    id: int
    kind: str
    actor: Person
    created_at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    body_html: str = ""
    edited_at: datetime | None = None

    @property
    def author(self) -> Person:
        """Whose comment it is."""
        return self.actor


@dataclass(frozen=True, slots=True)
class Thread:
    """Oldest first; of a long one `hidden` comments are left out in the middle."""

    before: list[Entry]
    hidden: int
    after: list[Entry]


def of(issue_id: int, comment_count: int, *, whole: bool) -> Thread:
    """The thread of an issue. `whole`: also the middle of a long one."""
    events = [_event(row) for row in timeline.told(issue_id)]
    if whole or comment_count <= FOLDED_ABOVE:
        return Thread(_merged([_comment(row) for row in comments.first(issue_id, None)], events), 0, [])
    early = [_comment(row) for row in comments.first(issue_id, FIRST)]
    late = [_comment(row) for row in comments.last(issue_id, LAST)]
    edge = late[0].created_at
    return Thread(
        _merged(early, [event for event in events if event.created_at < edge]),
        comment_count - len(early) - len(late),
        _merged(late, [event for event in events if event.created_at >= edge]),
    )


def _merged(*parts: list[Entry]) -> list[Entry]:
    return sorted((entry for part in parts for entry in part), key=lambda entry: (entry.created_at, entry.id))


def _event(row: EventRow) -> Entry:
    return Entry(row.id, row.kind, row.actor, row.created_at, row.data)


def _comment(row: CommentRow) -> Entry:
    return Entry(row.id, "comment", row.author, row.created_at, body_html=row.body_html, edited_at=row.edited_at)
