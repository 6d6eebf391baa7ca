"""What was planned for issues is written: a few statements for any number of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from webapp.changes import ties
from webapp.changes.batch import Advance, Batch, Difference
from webapp.events import service as events
from webapp.issues import writing
from webapp.issues.writing import NOW
from webapp.models.issues import State
from webapp.projects.service import ProjectRow
from webapp.projects.standing import confirm_by

# So many issues are written by a statement: PostgreSQL gives up what takes longer than some seconds.
AT_ONCE = 2_000


def keep(batch: Batch) -> None:
    """Write what is tied to the issues, their rows, the counters, and the events.

    Those that go the same way share a statement, which for one issue is all that there is.
    """
    changed = batch.changed
    if not changed:
        return
    for part in _parts([id for id in batch.rows if id in batch.labels or id in batch.people]):
        _tie(batch, part)
    groups: dict[Advance, list[int]] = {}
    for id in sorted(changed):
        groups.setdefault(batch.advanced.get(id, Advance()), []).append(id)
    for advance, ids in groups.items():
        write(batch, ids, {**batch.values, **_columns(advance)}, more=_moved(batch, ids, advance))


def write(batch: Batch, ids: Sequence[int], values: Mapping[str, Any], more: tuple[int, int]) -> None:
    """Write the same into these issues, with their events; `more` open and closed ones are counted."""
    for part in _parts(ids):
        happened = batch.events_of(part)
        asked = writing.change(
            part, batch.project.id, values, happened, more=more, by=batch.by, change_id=batch.change
        )
        at = confirm_by(batch.by, asked).at
        batch.written = {name: at if value is NOW else value for name, value in values.items()} | {"updated_at": at}
        more = 0, 0


def record(batch: Batch, at: ProjectRow | None = None) -> None:
    """Write the events, all as one change; `at` is where the issues are now."""
    project = at or batch.project
    happened = [one for of_a_kind in batch.events.values() for one in of_a_kind.items()]
    events.record_each(project.id, batch.by, happened, batch.change)


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


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _tie(batch: Batch, ids: Collection[int]) -> None:
    added, removed = _pairs(batch.labels, ids)
    ties.relabel(added, removed, ties.counted(_counted(batch, added), _counted(batch, removed)))
    ties.reassign(*_pairs(batch.people, ids))


def _pairs(changes: Mapping[int, Difference], ids: Collection[int]) -> tuple[ties.Pairs, ties.Pairs]:
    """What these issues get, and what they lose: pairs of an issue and what is tied to it."""
    those = [(id, changes[id]) for id in ids if id in changes]
    added = [(id, one) for id, change in those for one in change.added]
    return added, [(id, one) for id, change in those for one in change.removed]


def _counted(batch: Batch, pairs: ties.Pairs) -> ties.Pairs:
    """Those that count at their labels; issues in the trash do not."""
    return [(id, one) for id, one in pairs if batch.rows[id].deleted_at is None]
