"""One issue is changed: a batch of one, which says no aloud."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

from webapp.access import Do, Viewer, require
from webapp.changes import repository
from webapp.changes.batch import Batch, Change
from webapp.changes.engine import carry_out
from webapp.changes.rows import Row, WholeRow
from webapp.db import transaction
from webapp.editing import after
from webapp.editing.rights import require_fields, require_sight
from webapp.editing.wanted import wanted
from webapp.errors import Invalid, NotFound, Overtaken
from webapp.events import service as events
from webapp.events.kinds import Linked
from webapp.events.service import EventRow
from webapp.i18n import _
from webapp.issues import linking
from webapp.issues.linking import Target
from webapp.issues.rows import IssueDetail
from webapp.issues.service import get, read
from webapp.models.issues import Kind, Reason, State
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.references.service import Prepared

R = TypeVar("R")


class Edited(NamedTuple):
    """An issue as it is now, and the change that made it so."""

    issue: IssueDetail
    change: Change


def edit(
    project: ProjectRow,
    number: int,
    sent: Mapping[str, Any],
    by: Viewer,
    *,
    version: int | None = None,
    force: bool = False,
) -> Edited:
    """Change the fields that were sent, with an event for each that really differs.

    Raises Conflict if the issue is no longer at `version`, or cannot be closed without `force`.
    """
    text = references.prepared(sent["body"], project, by) if "body" in sent else None
    batch, row = _edit(project, number, sent, by, version=version, force=force, text=text)
    return Edited(after.told(batch, row) or get(project, number, by), batch.outcome())


@transaction
def _edit(
    project: ProjectRow, number: int, sent: Mapping[str, Any], by: Viewer, *, version: int | None, **more: Any
) -> tuple[Batch, WholeRow]:
    linking.hold_all(project, number, sent, by)
    row = whole(project, number, by)
    return _changed(project, row, sent, by, version=version, **more), row


def change(
    project: ProjectRow,
    number: int,
    sent: Mapping[str, Any],
    by: Viewer,
    *,
    force: bool = False,
    cause: str | None = None,
    change_id: UUID | None = None,
) -> Change:
    """The same in the caller's transaction, which changes more than this; for all but its text.

    `cause` is the key of the issue on which it was said that this one is to be closed, `change_id` what the events
    share with those of others that are changed together with it.
    """
    linking.hold_all(project, number, sent, by)
    row = locked(project, number, by)
    return _changed(project, row, sent, by, force=force, cause=cause, change_id=change_id).outcome()


def _changed(
    project: ProjectRow,
    row: Row,
    sent: Mapping[str, Any],
    by: Viewer,
    *,
    version: int | None = None,
    force: bool,
    text: Prepared | None = None,
    cause: str | None = None,
    change_id: UUID | None = None,
) -> Batch:
    require_fields(project, row.author_id, sent, by)
    if "private" in sent and sent["private"] and not row.private:
        require_sight(project, row.author_id, by)
    if version is not None and version != row.version:
        raise Overtaken(_("Somebody else changed this issue meanwhile. Compare, and save again."))
    more: dict[str, Any] = {"force": force, "cause": cause, "text": text}
    if sent.get("duplicate_of") is not None:
        more["original"] = _original(project, row, sent, by)
        sent = _as_duplicate(sent)
    want = wanted(project, sent, by, row, **more)
    batch = Batch(project, by, {row.id: row}, is_strict=True, change=change_id or uuid4())
    carry_out(batch, want)
    return batch


def close(
    project: ProjectRow, number: int, sent: Mapping[str, Any], by: Viewer, *, version: int | None, force: bool
) -> Edited:
    """Close an issue, for a reason; naming the issue that it repeats makes that the reason."""
    reason = {"close_reason": Reason.DUPLICATE} if "duplicate_of" in sent else {}
    return edit(project, number, {**sent, **reason, "state": State.CLOSED}, by, version=version, force=force)


def reopen(project: ProjectRow, number: int, by: Viewer) -> Edited:
    """Open an issue again. Opening an open one changes nothing."""
    return edit(project, number, {"state": State.OPEN}, by)


def changers(issue: IssueDetail) -> dict[str, EventRow]:
    """For each field the event of its last change."""
    rows = sorted(events.newest(issue.id).values(), key=lambda row: row.id)
    return {field: row for row in rows for field in row.happened.touches}


def locked(project: ProjectRow, number: int, by: Viewer) -> Row:
    """How an issue is now, which nobody else can change until the transaction ends.

    Raises NotFound, or Gone for one in the trash.
    """
    return _found(project, number, by, repository.one)


def whole(project: ProjectRow, number: int, by: Viewer) -> WholeRow:
    """The same with its text, and with all else that is told of it."""
    return _found(project, number, by, repository.whole)


def _found(project: ProjectRow, number: int, by: Viewer, look: Callable[[int, int], R | None]) -> R:
    require(by, Do.SEE, project)
    row = look(project.id, number)
    if row is None:
        read(project, number, by)
        raise NotFound()  # it came between the two
    return row


def _original(project: ProjectRow, row: Row, sent: Mapping[str, Any], by: Viewer) -> Target:
    """The issue that this one repeats, tied to it from now on."""
    if sent.get("state") == State.OPEN or sent.get("close_reason") not in (None, Reason.DUPLICATE):
        raise Invalid.on("duplicate_of", _("is only for closing as a duplicate."))
    original = linking.target(sent["duplicate_of"], project, by, field="duplicate_of")
    linking.hold(row.id, original, field="duplicate_of")
    if linking.link(row, Kind.DUPLICATES, original, project, by, field="duplicate_of"):
        kind, key = linking.REVERSED[Kind.DUPLICATES], f"{project.key}-{row.number}"
        about = linking.name_for(original.project, project, key)
        events.record(original.id, original.project.id, by, Linked(kind, about))
    return original


def _as_duplicate(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """Naming the issue that this one repeats closes it for that reason."""
    state = {} if "status" in sent else {"state": State.CLOSED}
    return {**sent, **state, "close_reason": Reason.DUPLICATE}
