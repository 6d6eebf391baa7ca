"""An issue's way through the statuses of its project. Open or closed, and why, follow from the status."""

from collections.abc import Sequence

from webapp.errors import Conflict, Invalid
from webapp.events import service as events
from webapp.events.kinds import Closed, Linked, MovedStatus, Reclosed, Reopened
from webapp.issues import linking, repository
from webapp.issues.models import Kind, Reason, State
from webapp.issues.saving import Save
from webapp.issues.writing import NOW
from webapp.statuses import service as statuses
from webapp.statuses.models import Category
from webapp.statuses.service import StatusRow


def advance(save: Save) -> None:
    """Give the issue the status that was asked for, by name or by open and closed, and what comes with it."""
    _read_duplicate(save)
    status = _wanted(save)
    was_open = save.before.is_open
    is_open = was_open if status is None else status.is_open
    _refuse_contradictions(save, was_open, is_open)
    if status is not None and status.name != save.before.status:
        before = save.before
        save.tell(MovedStatus(before.status, status.name, before.status_id, status.id))
        save.values["status_id"] = status.id
        save.shown |= {"status": status.name, "status_category": status.category}
    if was_open and not is_open:
        _close(save, status)
    elif is_open and not was_open:
        save.tell(Reopened(save.before.close_reason))
        save.values |= {"state": State.OPEN, "closed_at": None, "close_reason": None}
    elif not is_open:
        _close_for_another_reason(save, status)


def _read_duplicate(save: Save) -> None:
    """Naming the issue that this one repeats closes it for that reason."""
    ref = save.sent.get("duplicate_of")
    if ref is None:
        return
    if save.sent.get("state") == State.OPEN or save.sent.get("close_reason") not in (None, Reason.DUPLICATE):
        raise Invalid.on("duplicate_of", "is only for closing as a duplicate.")
    original = linking.target(ref, save.project, save.by, field="duplicate_of")
    linking.hold(save.before.id, original, field="duplicate_of")
    if linking.link(save.before, Kind.DUPLICATES, original, save.project, save.by, field="duplicate_of"):
        kind = linking.REVERSED[Kind.DUPLICATES]
        about = linking.told(original.project, save.project, save.before.key)
        events.record(original.id, original.project.id, save.by, Linked(kind, about))
    save.sent |= {"close_reason": Reason.DUPLICATE, "original": original}
    if "status" not in save.sent:
        save.sent["state"] = State.CLOSED


def _wanted(save: Save) -> StatusRow | None:
    """The status to go to; None to stay."""
    state, reason = save.sent.get("state"), save.sent.get("close_reason")
    if "status" in save.sent:
        status = statuses.named(save.project, save.sent["status"])
        if state is not None and status.is_open != (state == State.OPEN):
            raise Invalid.on("status", f"{status.name} contradicts state: {state}.")
        return status
    if state is None or state == save.before.state:
        return None
    if state == State.OPEN:
        return statuses.reopened(save.project)
    return statuses.closed(save.project, completed=reason in (None, Reason.COMPLETED))


def _refuse_contradictions(save: Save, was_open: bool, is_open: bool) -> None:
    if is_open and was_open and save.sent.get("close_reason") is not None:
        raise Invalid.on("close_reason", "is only for a closed issue; send state: closed with it.")


def _close(save: Save, status: StatusRow | None) -> None:
    if not save.force:
        _refuse_unfinished(save)
    reason = save.sent.get("close_reason") or reason_of(status)
    save.values |= {"state": State.CLOSED, "closed_at": NOW, "close_reason": reason}
    save.tell(Closed(reason, _original(save), save.cause))


def _close_for_another_reason(save: Save, status: StatusRow | None) -> None:
    """Another reason for an issue that stays closed."""
    reason = save.sent.get("close_reason")
    if reason is None and "moved_status" in save.events and reason_of(status) != save.before.close_reason:
        reason = reason_of(status)
    if reason and reason != save.before.close_reason:
        save.tell(Reclosed(reason, save.before.close_reason, _original(save)))
        save.values["close_reason"] = reason


def reason_of(status: StatusRow | None) -> Reason:
    """Why an issue is closed that gets this status."""
    return Reason.NOT_PLANNED if status is not None and status.category == Category.CANCELED else Reason.COMPLETED


def _original(save: Save) -> str | None:
    original: linking.Target | None = save.sent.get("original")
    return linking.told(save.project, original.project, original.key) if original is not None else None


def _refuse_unfinished(save: Save) -> None:
    """Warn before closing what is not finished. Raises Conflict on `force`, which says that it is meant."""
    children = repository.open_children(save.before.id)
    blockers = repository.open_blockers(save.before.id, save.by)
    found = unfinished(children, blockers if save.sent.get("close_reason") in (None, Reason.COMPLETED) else [])
    if found:
        raise Conflict.on("force", f"{found} Close it anyway?")


def unfinished(children: Sequence[str], blockers: Sequence[str]) -> str:
    """What speaks against closing an issue with these open parts and open blockers; nothing if nothing does."""
    warnings = []
    if children:
        number = f"{len(children)} sub-issues that are" if len(children) > 1 else "a sub-issue that is"
        warnings.append(f"It has {number} still open: {', '.join(children[:5])}.")
    if blockers:
        warnings.append(f"It is blocked by {', '.join(blockers[:5])}.")
    return " ".join(warnings)
