from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from webapp.access import Viewer
from webapp.db import AnyRow, transaction
from webapp.paging import Cut, cut, place
from webapp.text.cache import html_of, stored
from webapp.timeline import repository
from webapp.timeline.schemas import EventQuery

FOLDED_ABOVE, FIRST, LAST = 100, 20, 60
EVENTS_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an issue's page: an event, or a comment (then with a text)."""

    id: int
    kind: str
    actor: Person
    created_at: datetime
    data: dict[str, Any] = field(default_factory=dict)
    body_html: str = ""
    edited_at: datetime | None = None
    version: int = 1

    @property
    def author(self) -> Person:
        return self.actor


@dataclass(frozen=True, slots=True)
class Thread:
    """An issue's comments and events, oldest first; of a long one `hidden` comments are left out in the middle."""

    before: list[Entry]
    hidden: int
    after: list[Entry]


def record(issue_id: int, project_id: int, by: Viewer, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Write what one save changed: each kind of event with its data. In the transaction of the change itself."""
    change = uuid4()
    rows = [
        {
            "issue_id": issue_id,
            "project_id": project_id,
            "actor_id": by.id,
            "change_id": change,
            "kind": kind,
            "data": dict(data),
        }
        for kind, data in changes.items()
    ]
    if rows:
        repository.add(rows)


def listing(issue_id: int, query: EventQuery) -> Cut[Entry]:
    """The events of an issue, oldest first."""
    at = place(query.cursor, int)
    rows = repository.events(issue_id, at, query.limit + 1)
    return cut([_event(row) for row in rows], query.limit, at, lambda entry: (entry.id,))


def thread(issue_id: int, comment_count: int, *, whole: bool) -> Thread:
    """What an issue's page tells below its description. `whole`: also the middle of a long one."""
    folded = comment_count > FOLDED_ABOVE and not whole
    rows = list(repository.first_comments(issue_id, FIRST if folded else 10_000))
    # The page's head says who opened the issue; the thread begins after that.
    told = repository.first_events(issue_id, EVENTS_SHOWN)
    events = [_event(row) for row in told if row.kind != "opened"]
    later = list(repository.last_comments(issue_id, LAST)) if folded else []
    made: dict[int, str] = {}
    early, late = ([_comment(row, html_of(row, made)) for row in part] for part in (rows, later))
    if made:
        _keep(made)
    if not folded:
        return Thread(_merged(early, events), 0, [])
    edge = late[0].created_at
    return Thread(
        _merged(early, [e for e in events if e.created_at < edge]),
        comment_count - len(early) - len(late),
        _merged(late, [e for e in events if e.created_at >= edge]),
    )


@transaction
def _keep(made: dict[int, str]) -> None:
    repository.store_html(stored(made))


def _merged(*parts: list[Entry]) -> list[Entry]:
    return sorted((entry for part in parts for entry in part), key=lambda entry: (entry.created_at, entry.id))


def _event(row: AnyRow) -> Entry:
    return Entry(row.id, row.kind, Person(row.actor_id, row.actor_name), row.created_at, row.data)


def _comment(row: AnyRow, html: str) -> Entry:
    return Entry(
        id=row.id,
        kind="comment",
        actor=Person(row.author_id, row.author_name),
        created_at=row.created_at,
        body_html=html,
        edited_at=row.edited_at,
        version=row.version,
    )
