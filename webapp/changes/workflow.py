"""The way of issues through the statuses of their project. Open or closed, and why, follow from the status."""

from collections.abc import Mapping, Sequence

from webapp.changes import obstacles, repository
from webapp.changes.batch import Advance, Batch
from webapp.changes.rows import Row
from webapp.changes.want import Want
from webapp.errors import Conflict, Invalid
from webapp.events.kinds import Closed, MovedStatus, Noted, Reclosed, Reopened
from webapp.i18n import Whole, _, formats, ngettext
from webapp.issues import linking
from webapp.issues.statuses import StatusRow
from webapp.models.issues import Reason, State
from webapp.models.statuses import Category

# What stands in an issue's way: the other issues' keys by their ids.
Obstacles = Mapping[int | None, Mapping[int, str]]
NO_OBSTACLES: Obstacles = {}


def advance(batch: Batch, want: Want) -> None:
    """Give the issues the status that was asked for, by name or by open and closed, and what comes with it."""
    _refuse_notes(batch, want)
    if want.status is None and want.reason is None:
        return
    _refuse_contradictions(batch, want)
    _refuse_unfinished(batch, want)
    names = _names(batch, want)
    for id, row in batch.rows.items():
        status = _status(row, want)
        status_id = status.id if status is not None and status.id != row.status_id else None
        if status is not None and status_id is not None:
            batch.tell(id, MovedStatus(names[row.status_id], status.name, row.status_id, status.id))
        state, reason = _state(batch, row, status, want)
        step = Advance(status_id, state, reason)
        if step != Advance():
            batch.advanced[id] = step


def reason_of(status: StatusRow | None) -> Reason:
    """Why an issue is closed that gets this status."""
    return reason_in(status.category if status is not None else None)


def reason_in(category: str | None) -> Reason:
    """Why an issue is closed whose status is of this category."""
    return Reason.NOT_PLANNED if category == Category.CANCELED else Reason.COMPLETED


def _status(row: Row, want: Want) -> StatusRow | None:
    """The status that the issue goes to; None to stay."""
    return want.status if want.state != row.state else None


def _names(batch: Batch, want: Want) -> Mapping[int, str]:
    """What the statuses that the issues have are called."""
    known = {status.id: status.name for status in want.statuses}
    unknown = {row.status_id for row in batch.rows.values()} - known.keys()
    return known | (repository.statuses(unknown) if unknown else {})


def _refuse_contradictions(batch: Batch, want: Want) -> None:
    if want.reason is None:
        return
    for id, row in list(batch.rows.items()):
        status = _status(row, want)
        if row.is_open and (status is None or status.is_open):
            told = _("The reason is only for a closed issue; send state: closed with it.")
            error = Invalid.on("close_reason", _("is only for a closed issue; send state: closed with it."))
            batch.refuse(id, told, error)


def _refuse_notes(batch: Batch, want: Want) -> None:
    """Leave out what stays or becomes open, which can have no note of its resolution."""
    if want.values.get("resolution_note") is None:
        return
    for id, row in list(batch.rows.items()):
        status = _status(row, want)
        if row.is_open if status is None else status.is_open:
            told = _("The resolution note is only for a closed issue; send state: closed with it.")
            error = Invalid.on("resolution_note", _("is only for a closed issue; send state: closed with it."))
            batch.refuse(id, told, error)


def _refuse_unfinished(batch: Batch, want: Want) -> None:
    """Leave out what would be closed although a part or a blocker of it stays open, unless that is meant.

    Those that are closed by the same change count as closed.
    """
    closing = _closing(batch, want)
    if not closing or want.force:
        return
    held_by = [_by_issue(obstacles.open_children(closing))]
    if want.reason in (None, Reason.COMPLETED):
        held_by.append(_by_issue(obstacles.open_blockers(closing, batch.by)))
    while held := _all_held(closing, *held_by):
        closing -= set(held)
        for id, told in held.items():
            batch.refuse(id, told, Conflict.on("force", Whole(_("%(obstacles)s Close it anyway?", obstacles=told))))


def _state(batch: Batch, row: Row, status: StatusRow | None, want: Want) -> tuple[State | None, str | None]:
    """The state and the reason for closing that the row gets; None for those that stay."""
    is_open = row.is_open if status is None else status.is_open
    if row.is_open and not is_open:
        reason = want.reason or reason_of(status)
        batch.tell(row.id, Closed(reason, _original(batch, want), want.cause, *want.code.get(row.id, ())))
        return State.CLOSED, reason
    if is_open and not row.is_open:
        batch.tell(row.id, Reopened(row.close_reason))
        if row.resolution_note is not None:
            batch.tell(row.id, Noted(row.resolution_note, None))
        return State.OPEN, None
    return None, None if is_open else _other_reason(batch, row, status, want)


def _other_reason(batch: Batch, row: Row, status: StatusRow | None, want: Want) -> str | None:
    """Another reason for an issue that stays closed."""
    moved = status is not None and status.id != row.status_id
    reason = want.reason or (reason_of(status) if moved else None)
    if reason is None or reason == row.close_reason:
        return None
    batch.tell(row.id, Reclosed(reason, row.close_reason, _original(batch, want)))
    return reason


def _original(batch: Batch, want: Want) -> str | None:
    original = want.original
    return linking.name_for(batch.project, original.project, original.key) if original is not None else None


def _by_issue(edges: Sequence[tuple[int | None, int, str]]) -> Obstacles:
    obstacles: dict[int | None, dict[int, str]] = {}
    for id, other, key in edges:
        obstacles.setdefault(id, {})[other] = key
    return obstacles


def _closing(batch: Batch, want: Want) -> set[int]:
    """The issues that would be closed. Nobody is waiting for those in the trash."""
    if want.status is None or want.status.is_open:
        return set()
    return {id for id, row in batch.rows.items() if row.is_open and row.deleted_at is None}


def _all_held(closing: set[int], children: Obstacles, blockers: Obstacles = NO_OBSTACLES) -> dict[int, str]:
    """What speaks against closing some of these, by their ids."""
    return {id: told for id in closing if (told := _held(id, closing, children, blockers))}


def _held(id: int, closing: set[int], children: Obstacles, blockers: Obstacles) -> str:
    """What speaks against closing the issue together with all these; nothing if nothing does."""
    left = [
        [key for other, key in those.get(id, {}).items() if other not in closing] for those in (children, blockers)
    ]
    return _unfinished(*left)


def _unfinished(children: Sequence[str], blockers: Sequence[str]) -> str:
    """What speaks against closing an issue with these open parts and open blockers; nothing if nothing does."""
    warnings = []
    if children:
        told = ngettext(
            "It has a sub-issue that is still open: %(keys)s.",
            "It has %(num)s sub-issues that are still open: %(keys)s.",
            len(children), keys=formats.gap().join(children[:5]),
        )  # fmt: skip
        warnings.append(told)
    if blockers:
        warnings.append(_("It is blocked by %(keys)s.", keys=formats.gap().join(blockers[:5])))
    return " ".join(warnings)
