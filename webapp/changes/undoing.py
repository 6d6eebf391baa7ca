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
from webapp.issues import turns
from webapp.labels import service as labels
from webapp.projects.service import ProjectRow
from webapp.text.markdown import find
from webapp.undo import inverse
from webapp.undo.service import require_undoable

# What happened to each issue: the events' data by their kind.
Told = Mapping[int, Mapping[str, Mapping[str, Any]]]


def undo(project: ProjectRow, change: UUID, by: Viewer) -> Outcome:
    """Take back one's own change of many issues. Those that were changed again since stay, and are named.

    Raises Conflict if it was too long ago, or if there is nothing that could be taken back.
    """
    require(by, Do.COMMENT, project)
    events = repository.events_of(project.id, change)
    require_undoable(events, by)
    told: dict[int, dict[str, Mapping[str, Any]]] = {}
    for event in events:
        told.setdefault(event.issue_id or 0, {})[event.kind] = event.data
    if events[0].kind == "deleted":
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
        if inverse.touched(set(told[id])) & since.get(id, set()):
            whole.refuse(id, "It was changed again meanwhile.")
    if any("labelled" in kinds for kinds in told.values()):
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
        groups.setdefault(json.dumps(values, sort_keys=True), (values, []))[1].append(row)
    return list(groups.values())


def _values(events: Mapping[str, Mapping[str, Any]], names: Mapping[int, str]) -> dict[str, Any]:
    """The fields of an edit that takes the events back."""
    found: dict[str, Any] = {}
    for kind, read in inverse.FIELDS.items():
        if kind in events:
            found |= read(events[kind])
    if found.get("close_reason") is not None:
        found.setdefault("state", "closed")
    if change := events.get("labelled"):
        found["add_labels"] = [names.get(id, "a label that is gone") for id in change["removed_ids"]]
        found["remove_labels"] = [names[id] for id in change["added_ids"] if id in names]
    if change := events.get("assigned"):
        found |= {"add_assignees": change["removed_ids"], "remove_assignees": change["added_ids"]}
    return found


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
