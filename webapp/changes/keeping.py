"""What was planned for issues is written: a few statements for any number of them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from webapp.changes import repository, ties
from webapp.changes.batch import Advance, Batch, Difference
from webapp.events import service as events
from webapp.issues import writing
from webapp.issues.writing import NOW
from webapp.models.issues import State
from webapp.projects.service import ProjectRow


def keep(batch: Batch) -> None:
    """Write what is tied to the issues, their rows, the counters, and the events.

    Those that go the same way share a statement, which for one issue is all that there is.
    """
    changed = batch.changed
    if not changed:
        return
    _tie(batch)
    groups: dict[Advance, list[int]] = {}
    for id in sorted(changed):
        groups.setdefault(batch.advanced.get(id, Advance()), []).append(id)
    for advance, ids in groups.items():
        write(batch, ids, {**batch.values, **_columns(advance)}, more=_moved(batch, ids, advance))


def write(batch: Batch, ids: Collection[int], values: Mapping[str, Any], more: tuple[int, int]) -> None:
    """Write the same into these issues, with their events; `more` open and closed ones are counted."""
    writing.change(ids, batch.project.id, values, batch.told(ids), more=more, by=batch.by, change_id=batch.change)


def record(batch: Batch, at: ProjectRow | None = None) -> None:
    """Write the events, all as one change; `at` is where the issues are now."""
    project = at or batch.project
    told = [one for of_a_kind in batch.events.values() for one in of_a_kind.items()]
    events.record_each(project.id, batch.by, told, batch.change)


def count_labels(added: Iterable[int], removed: Iterable[int]) -> None:
    """Count labels once more for each time that they are named."""
    more = Counter(added)
    more.subtract(Counter(removed))
    repository.count_labels(more)


def _columns(advance: Advance) -> dict[str, Any]:
    """What is written of an issue's way."""
    columns: dict[str, Any] = {} if advance.status_id is None else {"status_id": advance.status_id}
    if advance.state == State.OPEN:
        return {**columns, "state": State.OPEN, "close_reason": None, "resolution_note": None, "closed_at": None}
    if advance.state == State.CLOSED:
        columns |= {"state": State.CLOSED, "closed_at": NOW}
    return columns if advance.reason is None else {**columns, "close_reason": advance.reason}


def _moved(batch: Batch, ids: Collection[int], advance: Advance) -> tuple[int, int]:
    """How many more open and closed issues there are then; those in the trash are not counted."""
    if advance.state is None:
        return 0, 0
    number = sum(batch.rows[id].deleted_at is None for id in ids)
    return (number, -number) if advance.state == State.OPEN else (-number, number)


def _tie(batch: Batch) -> None:
    added, removed = _pairs(batch.labels)
    more = Counter(_counted(batch, added))
    more.subtract(Counter(_counted(batch, removed)))
    ties.relabel(added, removed, more)
    ties.reassign(*_pairs(batch.people))


def _pairs(changes: Mapping[int, Difference]) -> tuple[ties.Pairs, ties.Pairs]:
    """What the issues get, and what they lose: pairs of an issue and what is tied to it."""
    added = [(id, one) for id, change in changes.items() for one in change.added]
    return added, [(id, one) for id, change in changes.items() for one in change.removed]


def _counted(batch: Batch, pairs: ties.Pairs) -> list[int]:
    """The labels that are counted for these; issues in the trash are not."""
    return [one for id, one in pairs if batch.rows[id].deleted_at is None]
