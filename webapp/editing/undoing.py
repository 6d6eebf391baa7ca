"""What somebody changed is taken back, in one issue or in many: a change of its own, of the events' inverse."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from webapp.access import Do, Viewer, require
from webapp.changes import repository
from webapp.changes.batch import Batch, Change, Refusal
from webapp.changes.engine import carry_out
from webapp.changes.rows import Row
from webapp.db import transaction
from webapp.editing import returning, trash
from webapp.editing.returning import require_own
from webapp.editing.rights import require_fields
from webapp.editing.wanted import wanted
from webapp.errors import Conflict, Invalid, NotFound, Overtaken
from webapp.events import inverse
from webapp.events.kinds import KINDS, Deleted, Happening, Labelled, MovedStatus, Ref, Reparented, of
from webapp.i18n import N_, _
from webapp.i18n.fields import first
from webapp.issues import linking, locks
from webapp.labels import service as labels
from webapp.models.events import Event
from webapp.models.issues import State
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses

MEANWHILE = N_("It was changed again meanwhile.")
# What happened to each issue.
Happenings = Mapping[int, Sequence[Happening]]


def can_be_undone(change: Change) -> bool:
    """Whether there is anything in it that can be taken back, and nothing that cannot."""
    return bool(change.kinds) and not any(KINDS[kind].lasting for kind in change.kinds)


def undo(project: ProjectRow, change: UUID, by: Viewer) -> Change:
    """Take back one's own change of many issues. Those that were changed again since stay, and are named.

    Raises Conflict if it was too long ago, or if there is nothing that could be taken back.
    """
    require(by, Do.COMMENT, project)
    if moves := returning.moves(project, repository.moves_of(change), by):
        there = returning.whither(moves, change, by)
        return returning.take_back(there, returning.by_issue(moves), change, by).outcome()
    return take_back(project, events_of(project, change, by), by)


def events_of(project: ProjectRow, change: UUID, by: Viewer, *, number: int | None = None) -> Sequence[Event]:
    """What `by` did, in the issue of this number or in all. Raises NotFound for no such issue."""
    require(by, Do.COMMENT, project)
    issue_id = repository.id_of(project.id, number) if number is not None else None
    if number is not None and issue_id is None:
        raise NotFound()
    events = repository.events_of(project.id, change, issue_id)
    _require_undoable(events, by)
    return events


def take_back(project: ProjectRow, events: Sequence[Event], by: Viewer, *, is_strict: bool = False) -> Change:
    """Undo what these events tell. With `is_strict` it is of one issue, and what keeps that as it is is raised."""
    happenings: dict[int, list[Happening]] = {}
    for event in events:
        happenings.setdefault(event.issue_id or 0, []).append(of(event.kind, event.data))
    if events[0].kind == Deleted.kind:
        return trash.restore_all(project, happenings, by, is_strict=is_strict)
    return _take_back(project, happenings, events[0].change_id, by, is_strict=is_strict)


@transaction
def _take_back(project: ProjectRow, happenings: Happenings, change: UUID, by: Viewer, *, is_strict: bool) -> Change:
    require(by, Do.COMMENT, project)
    _hold_parents(project, happenings, by)
    rows = {row.id: row for row in repository.locked(repository.with_ids(project.id, happenings), len(happenings))}
    left = [id for id in happenings if id not in rows]
    if is_strict and left:
        raise NotFound()
    whole = Batch(project, by, dict(rows), is_strict)
    whole.refused += [Refusal(number, _("It is no longer there.")) for number in repository.numbers_of(left)]
    _refuse_overtaken(whole, happenings, change)
    if _tells(happenings, Labelled):
        locks.take_labels([label.id for label in labels.of(project)])
    for sent, alike in _alike(project, whole.rows, happenings):
        _apply(whole, sent, alike)
    return whole.outcome()


def _tells(happenings: Happenings, kind: type[Happening]) -> bool:
    """Whether any of it is of this kind."""
    return any(isinstance(one, kind) for happened in happenings.values() for one in happened)


def _refuse_overtaken(whole: Batch, happenings: Happenings, change: UUID) -> None:
    """Leave out what was changed again since."""
    since = repository.kinds_after(change)
    for id in list(whole.rows):
        if inverse.is_overtaken([one.kind for one in happenings[id]], since.get(id, ())):
            whole.refuse(id, _(MEANWHILE), Overtaken(_("%(reason)s Nothing was undone.", reason=_(MEANWHILE))))


def _hold_parents(project: ProjectRow, happenings: Happenings, by: Viewer) -> None:
    """Hold those that become parts again with what they were parts of, in the order of all."""
    parents = {
        id: one.old_number for id, happened in happenings.items() for one in happened if isinstance(one, Reparented)
    }
    numbers = repository.numbers(parents) if parents else {}
    for id, number in numbers.items():
        linking.hold_all(project, number, {"parent": parents[id]}, by)


def _alike(
    project: ProjectRow, rows: Mapping[int, Row], happenings: Happenings
) -> Sequence[tuple[dict[str, Any], list[Row]]]:
    """The issues by what has to be sent to them, so that those of the same need no more statements than one."""
    groups: dict[str, tuple[dict[str, Any], list[Row]]] = {}
    known = statuses.of(project) if _tells(happenings, MovedStatus) else ()
    names: dict[int | None, str] = {one.id: one.name for one in known}
    for id, row in rows.items():
        sent = _sent(happenings[id], names)
        alone = id if "parent" in sent else 0  # each is looked for above its parent
        groups.setdefault(json.dumps([sent, alone], sort_keys=True, default=str), (sent, []))[1].append(row)
    return list(groups.values())


def _sent(happened: Sequence[Happening], names: Mapping[int | None, str]) -> dict[str, Any]:
    """The fields of a change that takes the events back. What was renamed meanwhile is meant all the same."""
    sent = dict(inverse.of(happened) or {})
    if (change := sent.pop("labels", None)) is not None:
        sent |= {"add_label_ids": _ids(change.added), "remove_label_ids": _ids(change.removed)}
    if (change := sent.pop("assignees", None)) is not None:
        sent |= {"add_assignees": _ids(change.added), "remove_assignees": _ids(change.removed)}
    if "status" in sent:
        sent["status"] = names.get(sent["status"].id, sent["status"].name)
    sent |= {name: sent[name] and sent[name].id for name in ("milestone", "parent") if name in sent}
    if (reason := sent.pop("close_reason", None)) is None:
        return sent
    return {"state": State.CLOSED, **sent, "close_reason": reason}


def _ids(things: Sequence[Ref]) -> list[int]:
    return [thing.id for thing in things if thing.id is not None]


def _apply(whole: Batch, sent: dict[str, Any], rows: Sequence[Row]) -> None:
    part = Batch(whole.project, whole.by, {row.id: row for row in rows}, whole.is_strict, change=whole.change)
    part.refuse_where(lambda author_id: require_fields(part.project, author_id, sent, part.by))
    try:
        row = rows[0] if len(rows) == 1 else None
        carry_out(part, wanted(whole.project, sent, whole.by, row, force=True))
    except Invalid as gone:  # a status, milestone, label or member that is no longer there
        detail = _("It cannot be as it was: %(reason)s", reason=first(gone.errors))
        for row in rows:
            whole.refuse(row.id, detail, Conflict(detail))
        return
    whole.take_over(part)


def _require_undoable(events: Sequence[Event], by: Viewer) -> None:
    """Go on only if `by` did this, lately, and the events tell enough to take it back."""
    require_own(events, by)
    if not events or inverse.of(of(event.kind, event.data) for event in events) is None:
        raise Conflict(_("There is nothing to undo."))
