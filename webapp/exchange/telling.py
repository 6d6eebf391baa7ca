"""What happened to the issues of an archive, as the events that tell of it: who, what, and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from webapp.db import AnyRow
from webapp.events import writing
from webapp.events.kinds import (
    Assigned,
    Closed,
    Described,
    Happening,
    Labelled,
    Milestoned,
    MovedStatus,
    Opened,
    Prioritised,
    Reclosed,
    Renamed,
    Reopened,
)
from webapp.exchange.records import SOMEBODY, IssueRecord, Person
from webapp.models.issues import State

Entry = tuple[Person, Happening, datetime]


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called, by their ids."""

    statuses: Mapping[int, str]
    milestones: Mapping[int, str]
    labels: Mapping[int, str]
    people: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class After:
    """What an issue has here when it is written, by ids; nobody where the archive does not speak of people."""

    status: int
    milestone: int | None
    labels: Sequence[int]
    people: Sequence[int] | None


def rows(
    project_id: int, issue_id: int, people: Mapping[str, int], entries: Iterable[Entry]
) -> Iterator[Mapping[str, Any]]:
    """The events of one issue, as one change, for COPY."""
    change = uuid4()
    for by, happened, at in entries:
        yield writing.row(project_id, issue_id, people[by.origin], change, happened, at)


def of_new(record: IssueRecord) -> Iterator[Entry]:
    """An issue that was not here: opened, and perhaps closed."""
    yield record.author, Opened(), record.created_at
    if record.state == State.CLOSED:
        yield _entry(record, Closed(record.close_reason))


def of_changed(record: IssueRecord, row: AnyRow, after: After, names: Names) -> Iterator[Entry]:
    """All that has become another of an issue that is here, though the archive does not say by whom."""
    for happened in (*_texts(record, row), *_ties(row, after, names)):
        yield SOMEBODY, happened, record.updated_at
    if record.state != row.state:
        closed = record.state == State.CLOSED
        yield _entry(record, Closed(record.close_reason) if closed else Reopened(row.close_reason))
    elif record.close_reason != row.close_reason:
        yield _entry(record, Reclosed(record.close_reason, row.close_reason))


def _entry(record: IssueRecord, happened: Happening) -> Entry:
    at = record.closed_at if isinstance(happened, Closed) else None
    return record.closed_by or SOMEBODY, happened, at or record.updated_at


def _texts(record: IssueRecord, row: AnyRow) -> Iterator[Happening]:
    if record.title != row.title:
        yield Renamed(row.title, record.title)
    if record.body != row.body:
        yield Described(len(row.body), len(record.body), row.version)
    if record.priority != row.priority:
        yield Prioritised(row.priority, record.priority)


def _ties(row: AnyRow, after: After, names: Names) -> Iterator[Happening]:
    if after.milestone != row.milestone_id:
        old, new = (names.milestones.get(id or 0) for id in (row.milestone_id, after.milestone))
        yield Milestoned(old, new, row.milestone_id, after.milestone)
    added, removed = _differing(row.label_ids, after.labels)
    if added or removed:
        yield Labelled.of_ids(added, removed, names.labels)
    added, removed = _differing(row.assignee_ids, after.people if after.people is not None else row.assignee_ids)
    if added or removed:
        yield Assigned.of_ids(added, removed, names.people)
    if after.status != row.status_id:
        yield MovedStatus(names.statuses[row.status_id], names.statuses[after.status], row.status_id, after.status)


def _differing(before: Sequence[int], after: Sequence[int]) -> tuple[list[int], list[int]]:
    return [id for id in after if id not in before], [id for id in before if id not in after]
