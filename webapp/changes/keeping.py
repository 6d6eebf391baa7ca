"""What was planned for many issues is written: a few statements for any number of them."""

from collections import Counter
from collections.abc import Iterable

from webapp.changes import repository
from webapp.changes.batch import Advance, Batch
from webapp.events import service as events
from webapp.projects.service import ProjectRow


def keep(batch: Batch) -> None:
    """Write the issues' rows, what is tied to them, the counters, and the events."""
    changed = batch.changed
    if not changed:
        return
    groups: dict[Advance, list[int]] = {}
    for id in sorted(changed):
        groups.setdefault(batch.advanced.get(id, Advance()), []).append(id)
    for advance, ids in groups.items():
        repository.change(ids, batch.values, advance)
    _tie(batch)
    moved = len(batch.events.get("reopened", ())) - len(batch.events.get("closed", ()))
    repository.count_issues(batch.project.id, opened=moved, closed=-moved)
    record(batch)


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


def _tie(batch: Batch) -> None:
    added = [(id, one) for id, change in batch.labels.items() for one in change.added]
    removed = [(id, one) for id, change in batch.labels.items() for one in change.removed]
    repository.untie_labels(removed)
    repository.tie_labels(added)
    count_labels((id for _, id in added), (id for _, id in removed))
    repository.unassign([(id, one) for id, change in batch.people.items() for one in change.removed])
    repository.assign([(id, one) for id, change in batch.people.items() for one in change.added])
