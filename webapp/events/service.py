from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.db import AnyRow
from webapp.events import repository
from webapp.paging import Key

# Events that the page tells otherwise: in its head, in a comment's card, or in the place of a deleted comment.
UNTOLD = ("opened", "comment_edited", "comment_deleted", "comment_restored")


@dataclass(frozen=True, slots=True)
class EventRow:
    id: int
    kind: str
    actor: Person
    data: dict[str, Any]
    created_at: datetime
    change_id: UUID | None  # None for what is no change of the issue: a text elsewhere that names it


def record(issue_id: int, project_id: int, by: Viewer, changes: Mapping[str, Mapping[str, Any]]) -> UUID:
    """Write what one save changed: each kind of event with its data. In the transaction of the change itself.

    Returns what the events share, by which the save can be undone.
    """
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
    return change


def record_each(
    project_id: int, by: Viewer, kind: str, told: Mapping[int, Mapping[str, Any]], change: UUID | None = None
) -> None:
    """Write the same kind of event for many issues: what it tells of each, by the issue's id. One statement.

    `change` is what it shares with other kinds of events of the same save.
    """
    if told:
        repository.add_each(project_id, by.id, change or uuid4(), kind, told)


def record_in_all(issue_ids: Sequence[int], project_id: int, by: Viewer, kind: str, data: Mapping[str, Any]) -> None:
    """Write the same event to many issues that were changed at once."""
    if not issue_ids:
        return
    change = uuid4()
    same = {"project_id": project_id, "actor_id": by.id, "change_id": change, "kind": kind, "data": dict(data)}
    repository.add([{"issue_id": issue_id, **same} for issue_id in issue_ids])


def blot(issue_id: int, comment_id: int | None, words: Sequence[str]) -> None:
    """Take words out of the events that quote tasks of a text, of a comment or else of the issue itself."""
    if words:
        repository.blot(issue_id, comment_id, words)


def blot_comments(comment_ids: Sequence[int]) -> None:
    """Take all words out of the events that quote tasks of these comments, whose texts are gone."""
    if comment_ids:
        repository.blot_comments(comment_ids)


def rehome(issue_ids: Collection[int], project_id: int) -> None:
    """Take what happened to issues along to the project that they move to."""
    repository.rehome(issue_ids, project_id)


def after(issue_id: int, beyond: Key | None, limit: int) -> list[EventRow]:
    """The events of an issue that follow a time and an id, oldest first."""
    return [_event(row) for row in repository.events(issue_id, beyond, limit)]


def count(issue_id: int, limit: int) -> int:
    """How many events an issue has, counted up to the limit."""
    return repository.count(issue_id, limit)


def newest(issue_id: int) -> dict[str, EventRow]:
    """The newest event of each kind: who changed it last."""
    return {row.kind: _event(row) for row in repository.newest_events(issue_id)}


def _event(row: AnyRow) -> EventRow:
    return EventRow(row.id, row.kind, Person(row.actor_id, row.actor_name), row.data, row.created_at, row.change_id)
