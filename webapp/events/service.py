from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.db import AnyRow
from webapp.events import repository, writing
from webapp.events.happening import Happening
from webapp.events.kinds import Moved, of
from webapp.paging import Key


@dataclass(frozen=True, slots=True)
class EventRow:
    id: int
    actor: Person
    happened: Happening
    created_at: datetime
    change_id: UUID | None  # None for what is no change of the issue: a text elsewhere that names it

    @property
    def kind(self) -> str:
        return self.happened.kind

    @property
    def data(self) -> dict[str, Any]:
        """What it tells, as answers have it."""
        return self.happened.shown()


def record(issue_id: int, project_id: int, by: Viewer, *happened: Happening) -> UUID:
    """Write what one save did to an issue. In the transaction of the change itself.

    Returns what the events share, by which the save can be undone.
    """
    change = uuid4()
    record_each(project_id, by, [(issue_id, one) for one in happened], change)
    return change


def record_each(
    project_id: int, by: Viewer, happened: Iterable[tuple[int, Happening]], change: UUID | None = None
) -> None:
    """Write what happened to many issues, each told by its id. One statement.

    `change` is what it shares with what else was done at once.
    """
    if rows := list(happened):
        writing.add(project_id, by.id, change or uuid4(), rows)


def blot(issue_id: int, comment_id: int | None, words: Sequence[str]) -> None:
    """Take words out of the events that quote tasks of a text, of a comment or else of the issue itself."""
    if words:
        repository.blot(issue_id, comment_id, words)


def blot_comments(comment_ids: Sequence[int]) -> None:
    """Take all words out of the events that quote tasks of these comments, whose texts are gone."""
    if comment_ids:
        repository.blot_comments(comment_ids)


def rehome(issue_ids: Collection[int], project_id: int, *, hidden: int | None = None) -> None:
    """Take what happened to issues along to the project that they move to.

    `hidden` is the one that they leave, if not everybody may know it where they go: other issues that were named
    there are not named any more, until they come back.
    """
    repository.rehome(issue_ids, project_id, hidden)


def leavings(issue_ids: Collection[int], project_id: int) -> dict[int, Moved]:
    """With what these issues went away from a project last, by issue; those of before that was told are left out."""
    found = repository.leavings(issue_ids, project_id)
    return {id: one for id, one in found.items() if isinstance(one, Moved)}


def turned_since(issue_ids: Collection[int], project_id: int) -> set[int]:
    """Those of these issues whose status or state was changed since they went away from a project last."""
    return repository.turned_since(issue_ids, project_id)


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
    actor = Person(row.actor_id, row.actor_name, row.avatar)
    return EventRow(row.id, actor, of(row.kind, row.data), row.created_at, row.change_id)
