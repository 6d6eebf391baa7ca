"""The way of many issues through the statuses: the rules of webapp/issues/workflow.py, for all of them at once."""

from collections.abc import Mapping, Sequence

from webapp.changes import repository
from webapp.changes.batch import Advance, Batch, Row
from webapp.changes.wanted import Wanted
from webapp.events.kinds import Closed, MovedStatus, Reclosed, Reopened
from webapp.issues.models import Reason, State
from webapp.issues.workflow import reason_of, unfinished
from webapp.statuses.service import StatusRow

# What stands in an issue's way: the other issues' keys by their ids.
Obstacles = Mapping[int | None, Mapping[int, str]]


def refuse_unfinished(batch: Batch, want: Wanted) -> None:
    """Leave out what would be closed although a part or a blocker of it stays open, unless that is meant.

    Those that are closed by the same change count as closed.
    """
    if want.force or want.status is None or want.status.is_open:
        return
    closing = {id for id, row in batch.rows.items() if row.is_open}
    children = _by_issue(repository.open_children(closing))
    completed = want.sent.get("close_reason") in (None, Reason.COMPLETED)
    blockers = _by_issue(repository.open_blockers(closing, batch.by)) if completed else {}
    while held := {id: told for id in closing if (told := _held(id, closing, children, blockers))}:
        closing -= set(held)
        for id, told in held.items():
            batch.refuse(id, told)


def advance(batch: Batch, want: Wanted) -> None:
    """Give the issues the status that was asked for, by name or by open and closed, and what comes with it."""
    names = {status.id: status.name for status in want.statuses}
    for id, row in batch.rows.items():
        status = _status(row, want)
        status_id = status.id if status is not None and status.id != row.status_id else None
        if status is not None and status_id is not None:
            batch.tell(id, MovedStatus(names[row.status_id], status.name, row.status_id, status.id))
        state, reason = _state(batch, id, row, status, want)
        found = Advance(status_id, state, reason)
        if found != Advance():
            batch.advanced[id] = found


def _state(
    batch: Batch, id: int, row: Row, status: StatusRow | None, want: Wanted
) -> tuple[State | None, str | None]:
    """The state and the reason for closing that the row gets; None for those that stay."""
    is_open = row.is_open if status is None else status.is_open
    reason = want.sent.get("close_reason")
    if row.is_open and not is_open:
        reason = reason or reason_of(status)
        batch.tell(id, Closed(reason))
        return State.CLOSED, reason
    if is_open and not row.is_open:
        batch.tell(id, Reopened(row.close_reason))
        return State.OPEN, None
    if is_open:
        return None, None
    moved = status is not None and status.id != row.status_id
    reason = reason or (reason_of(status) if moved else None)
    if reason is None or reason == row.close_reason:
        return None, None
    batch.tell(id, Reclosed(reason, row.close_reason))
    return None, reason


def _status(row: Row, want: Wanted) -> StatusRow | None:
    """The status that the issue goes to; None to stay."""
    return want.status if "status" in want.sent or want.sent.get("state") != row.state else None


def _by_issue(edges: Sequence[tuple[int | None, int, str]]) -> Obstacles:
    found: dict[int | None, dict[int, str]] = {}
    for id, other, key in edges:
        found.setdefault(id, {})[other] = key
    return found


def _held(id: int, closing: set[int], children: Obstacles, blockers: Obstacles) -> str:
    """What speaks against closing the issue together with all these; nothing if nothing does."""
    left = [
        [key for other, key in those.get(id, {}).items() if other not in closing] for those in (children, blockers)
    ]
    return unfinished(*left)
