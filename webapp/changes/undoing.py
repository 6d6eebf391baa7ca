"""One Undo for all that a change of many issues did."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from webapp.access import Do, Viewer, require
from webapp.bulk.schemas import BulkEdit
from webapp.changes import removal, repository, service
from webapp.changes.batch import Batch, Outcome, Refusal, Row
from webapp.changes.removal import Read
from webapp.changes.wanted import wanted
from webapp.db import transaction
from webapp.errors import Invalid
from webapp.events import inverse
from webapp.events.kinds import Deleted, Happening, Labelled, Ref, of
from webapp.issues import turns
from webapp.issues.models import State
from webapp.labels import service as labels
from webapp.projects.service import ProjectRow
from webapp.text.markdown import find
from webapp.undo.service import require_undoable

# What happened to each issue.
Told = Mapping[int, Sequence[Happening]]


def undo(project: ProjectRow, change: UUID, by: Viewer) -> Outcome:
    """Take back one's own change of many issues. Those that were changed again since stay, and are named.

    Raises Conflict if it was too long ago, or if there is nothing that could be taken back.
    """
    require(by, Do.COMMENT, project)
    events = repository.events_of(project.id, change)
    require_undoable(events, by)
    told: dict[int, list[Happening]] = {}
    for event in events:
        told.setdefault(event.issue_id or 0, []).append(of(event.kind, event.data))
    if events[0].kind == Deleted.kind:
        texts = repository.texts(told)
        return _restore(project, told, {id: Read(text, find(text).said) for id, text in texts.items()}, by)
    return _take_back(project, told, change, by)


@transaction
def _restore(project: ProjectRow, told: Told, texts: Mapping[int, Read], by: Viewer) -> Outcome:
    require(by, Do.RESTORE, project)
    batch = Batch(project, by, {row.id: row for row in repository.trashed(told)})
    batch.refused += _left([id for id in told if id not in batch.rows], "It is no longer in the trash.")
    removal.restore(batch, texts)
    return batch.outcome()


@transaction
def _take_back(project: ProjectRow, told: Told, change: UUID, by: Viewer) -> Outcome:
    require(by, Do.COMMENT, project)
    rows = {row.id: row for row in repository.locked(repository.with_ids(project.id, told), len(told))}
    whole = Batch(project, by, dict(rows))
    whole.refused += _left([id for id in told if id not in rows], "It is no longer there.")
    since = repository.kinds_after(change)
    for id in rows:
        if inverse.is_overtaken([one.kind for one in told[id]], since.get(id, ())):
            whole.refuse(id, "It was changed again meanwhile.")
    if any(isinstance(one, Labelled) for happened in told.values() for one in happened):
        turns.take_labels([label.id for label in labels.of(project)])
    names = {label.id: label.name for label in labels.of(project)}
    for values, alike in _alike(whole.rows, told, names):
        _apply(whole, values, alike)
    return whole.outcome()


def _alike(
    rows: Mapping[int, Row], told: Told, names: Mapping[int, str]
) -> Sequence[tuple[dict[str, Any], list[Row]]]:
    """The issues by what has to be sent to them, so that those of the same need no more statements than one."""
    groups: dict[str, tuple[dict[str, Any], list[Row]]] = {}
    for id, row in rows.items():
        values = _values(told[id], names)
        groups.setdefault(json.dumps(values, sort_keys=True, default=str), (values, []))[1].append(row)
    return list(groups.values())


def _values(happened: Sequence[Happening], names: Mapping[int, str]) -> dict[str, Any]:
    """The fields of an edit that takes the events back."""
    found = dict(inverse.of(happened) or {})
    if (change := found.pop("labels", None)) is not None:
        found["add_labels"] = [names.get(ref.id, "a label that is gone") for ref in change.added]
        found["remove_labels"] = [names[ref.id] for ref in change.removed if ref.id in names]
    if (change := found.pop("assignees", None)) is not None:
        found |= {"add_assignees": _ids(change.added), "remove_assignees": _ids(change.removed)}
    if (status := found.get("status")) is not None:
        found["status"] = status.name
    if (milestone := found.get("milestone")) is not None:
        found["milestone"] = milestone.id
    if (reason := found.pop("close_reason", None)) is None:
        return found
    return {"state": State.CLOSED, **found, "close_reason": reason}


def _ids(people: Sequence[Ref]) -> list[int]:
    return [person.id for person in people if person.id is not None]


def _apply(whole: Batch, values: dict[str, Any], rows: Sequence[Row]) -> None:
    part = Batch(whole.project, whole.by, {row.id: row for row in rows}, change=whole.change)
    try:
        service.apply(part, wanted(whole.project, BulkEdit(**values, force=True), whole.by))
    except Invalid as gone:  # a status, milestone, label or member that is no longer there
        for row in rows:
            whole.refuse(row.id, f"It cannot be as it was: {gone.detail}")
        return
    whole.refused += part.refused
    for kind, told in part.events.items():
        whole.events.setdefault(kind, {}).update(told)


def _left(ids: Sequence[int], why: str) -> list[Refusal]:
    numbers = repository.numbers(ids) if ids else {}
    return [Refusal(number, why) for number in numbers.values()]
