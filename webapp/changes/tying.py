"""Labels and people for many issues: what each of them gets and loses."""

from collections.abc import Collection, Mapping, Sequence

from webapp.changes import repository
from webapp.changes.batch import Batch, Difference
from webapp.changes.wanted import Wanted
from webapp.events.kinds import Assigned, Labelled
from webapp.issues import turns
from webapp.issues.schemas import MOST_ASSIGNEES, MOST_LABELS
from webapp.labels import service as labels


def label(batch: Batch, want: Wanted) -> None:
    """Give and take labels. Of a scope an issue has one: a new one takes the place of the other."""
    gone = {*want.remove_labels, *_rivals(want)}
    turns.take_labels({*want.add_labels, *gone})
    held = repository.labels_of(batch.rows)
    names = {id: one.name for id, one in want.labels.items()}
    batch.labels = _differences(batch, Labelled, held, want.add_labels, gone, names)
    _refuse_more(batch, held, batch.labels, MOST_LABELS, "labels")


def assign(batch: Batch, want: Wanted) -> None:
    """Give the issues to people, and take them from others."""
    held = repository.assignees_of(batch.rows)
    added, gone = want.sent.get("add_assignees", []), want.sent.get("remove_assignees", [])
    batch.people = _differences(batch, Assigned, held, list(dict.fromkeys(added)), gone, want.people)
    _refuse_more(batch, held, batch.people, MOST_ASSIGNEES, "assignees")


def _rivals(want: Wanted) -> set[int]:
    """The other labels of the scopes of those that are added."""
    scopes = {scope for id in want.add_labels if (scope := labels.scope(want.labels[id].name))}
    alike = {id for id, one in want.labels.items() if labels.scope(one.name) in scopes}
    return alike - set(want.add_labels)


def _differences(
    batch: Batch,
    kind: type[Labelled] | type[Assigned],
    held: Mapping[int, Sequence[int]],
    added: Sequence[int],
    gone: Collection[int],
    names: Mapping[int, str],
) -> dict[int, Difference]:
    found = {}
    for id in batch.rows:
        has = held.get(id, ())
        new, lost = [one for one in added if one not in has], [one for one in has if one in gone]
        if new or lost:
            found[id] = Difference(new, lost)
            batch.tell(id, kind.of_ids(new, lost, names))
    return found


def _refuse_more(
    batch: Batch, held: Mapping[int, Sequence[int]], changes: Mapping[int, Difference], most: int, word: str
) -> None:
    for id, change in list(changes.items()):
        if change.added and len(held.get(id, ())) + len(change.added) - len(change.removed) > most:
            batch.refuse(id, f"It would have more than {most} {word}.")
