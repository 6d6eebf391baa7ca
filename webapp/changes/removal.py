"""Many issues go into the trash together, and come out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.access import Do, require
from webapp.changes import keeping, repository
from webapp.changes.batch import Batch
from webapp.events.kinds import Deleted, Restored
from webapp.issues import turns
from webapp.issues.written import Written, tell


@dataclass(frozen=True, slots=True)
class Read:
    """An issue's text, and what it names."""

    text: str
    said: Sequence[str]


def remove(batch: Batch) -> None:
    """Put the issues of a batch into the trash, but for those that `by` may not delete."""
    batch.refuse_where(lambda author_id: require(batch.by, Do.DELETE_ISSUE, batch.project, author_id))
    if not batch.rows:
        return
    repository.trash(batch.rows, batch.by)
    _count(batch, -1)
    for id, row in batch.rows.items():
        batch.tell(id, Deleted(row.number, row.title))
        tell(Written(batch.project, id, row.number, None, "", batch.by))
    keeping.record(batch)


def restore(batch: Batch, texts: Mapping[int, Read]) -> None:
    """Take the issues of a batch out of the trash, as they were; `texts` are theirs."""
    for id, text in (repository.texts(batch.rows) if batch.rows else {}).items():
        if text != texts[id].text:
            batch.refuse(id, "It was restored and changed meanwhile.")
    if not batch.rows:
        return
    repository.restore(batch.rows)
    _count(batch, 1)
    for id, row in batch.rows.items():
        batch.tell(id, Restored(row.number, row.title))
        tell(Written(batch.project, id, row.number, None, texts[id].text, batch.by, texts[id].said))
    keeping.record(batch)


def _count(batch: Batch, by: int) -> None:
    """Count the issues in or out, at their labels and at the project."""
    turns.take_labels({one for held in repository.labels_of(batch.rows).values() for one in held})
    carried = [one for held in repository.labels_of(batch.rows).values() for one in held]
    keeping.count_labels(carried if by > 0 else (), carried if by < 0 else ())
    opened = sum(row.is_open for row in batch.rows.values())
    repository.count_issues(batch.project.id, opened=by * opened, closed=by * (len(batch.rows) - opened))
