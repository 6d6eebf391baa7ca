"""Issues go into the trash and come out of it: each keeps its number, its comments and its labels there."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.access import Do, require
from webapp.changes import keeping, repository
from webapp.changes.batch import Batch
from webapp.errors import Overtaken
from webapp.events.kinds import Deleted, Restored
from webapp.i18n import _
from webapp.issues import locks
from webapp.issues.writing import NOW
from webapp.references.written import Written, tell


@dataclass(frozen=True, slots=True)
class Read:
    """An issue's text, and what it names."""

    text: str
    said: Sequence[str]


def remove(batch: Batch) -> None:
    """Put the issues of a batch into the trash, but for those that `by` may not delete."""
    refuse_forbidden(batch)
    if not batch.rows:
        return
    for id, row in batch.rows.items():
        batch.tell(id, Deleted(row.number, row.title))
    _write(batch, {"deleted_at": NOW, "deleted_by": batch.by.id}, by=-1)
    for id, row in batch.rows.items():
        tell(Written(batch.project, id, row.number, None, "", batch.by))


def refuse_forbidden(batch: Batch) -> None:
    """Leave out those that `by` may not delete."""
    batch.refuse_where(lambda author_id: require(batch.by, Do.DELETE_ISSUE, batch.project, author_id))


def restore(batch: Batch, texts: Mapping[int, Read]) -> None:
    """Take the issues of a batch out of the trash, as they were; `texts` are theirs, as they were read before."""
    for id, text in (repository.texts(batch.rows) if batch.rows else {}).items():
        if id not in texts or text != texts[id].text:
            detail = _("It was restored and changed meanwhile.")
            batch.refuse(id, detail, Overtaken(detail))
    if not batch.rows:
        return
    for id, row in batch.rows.items():
        batch.tell(id, Restored(row.number, row.title))
    _write(batch, {"deleted_at": None, "deleted_by": None}, by=1)
    for id, row in batch.rows.items():
        tell(Written(batch.project, id, row.number, None, texts[id].text, batch.by, texts[id].said))


def _write(batch: Batch, values: Mapping[str, Any], *, by: int) -> None:
    """Write the rows, and count the issues in or out, at their labels and at the project."""
    carried = Counter(one for row in batch.rows.values() for one in row.label_ids)
    locks.take_labels(carried)
    repository.count_labels({id: by * number for id, number in carried.items()})
    opened = sum(row.is_open for row in batch.rows.values())
    keeping.write(batch, sorted(batch.rows), values, more=(by * opened, by * (len(batch.rows) - opened)))
