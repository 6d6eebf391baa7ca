"""Labels and people for issues: what each of them gets and loses."""

from collections.abc import Collection, Mapping, Sequence

from webapp.changes.batch import Batch, Difference
from webapp.changes.want import Want
from webapp.errors import Invalid
from webapp.events.kinds import Assigned, Labelled
from webapp.i18n import N_, _
from webapp.issues import locks
from webapp.issues.limits import MOST_ASSIGNEES, MOST_LABELS

_TOO_MANY = {
    "labels": N_("It would have more than %(number)s labels."),
    "assignees": N_("It would have more than %(number)s assignees."),
}


def label(batch: Batch, want: Want) -> None:
    """Give and take labels."""
    if not want.add_labels and not want.remove_labels:
        return
    names = locks.take_labels([*want.add_labels, *want.remove_labels])
    if not names.keys() >= set(want.add_labels):
        raise Invalid.on("labels", _("names a label that somebody has just deleted."))
    held = {id: row.label_ids for id, row in batch.rows.items()}
    batch.labels = _differences(batch, Labelled, held, want.add_labels, want.remove_labels, names)
    _refuse_more(batch, held, batch.labels, MOST_LABELS, "labels")


def assign(batch: Batch, want: Want) -> None:
    """Give the issues to people, and take them from others."""
    if not want.add_assignees and not want.remove_assignees:
        return
    names = {**want.add_assignees, **want.remove_assignees}
    held = {id: row.assignee_ids for id, row in batch.rows.items()}
    added, gone = list(want.add_assignees), want.remove_assignees
    batch.people = _differences(batch, Assigned, held, added, gone, names)
    _refuse_more(batch, held, batch.people, MOST_ASSIGNEES, "assignees")


def _differences(
    batch: Batch,
    kind: type[Labelled] | type[Assigned],
    held: Mapping[int, Sequence[int]],
    added: Sequence[int],
    gone: Collection[int],
    names: Mapping[int, str],
) -> dict[int, Difference]:
    differences = {}
    for id in batch.rows:
        has = held[id]
        new, lost = [one for one in added if one not in has], [one for one in has if one in gone]
        if new or lost:
            differences[id] = Difference(new, lost)
            batch.tell(id, kind.of_ids(new, lost, names))
    return differences


def _refuse_more(
    batch: Batch, held: Mapping[int, Sequence[int]], changes: Mapping[int, Difference], most: int, word: str
) -> None:
    for id, change in list(changes.items()):
        grows = len(change.added) > len(change.removed)
        if grows and len(held[id]) + len(change.added) - len(change.removed) > most:
            detail = _(_TOO_MANY[word], number=most)
            batch.refuse(id, detail, Invalid.on(word, _("may be %(number)s at most.", number=most)))
