from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.comments import removal as comments
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, Invalid, NotFound, Overtaken
from webapp.events import inverse
from webapp.events.kinds import Difference, Effect, Ref, of
from webapp.events.models import Event
from webapp.issues import editing, removal
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueEdit
from webapp.labels import service as labels
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses
from webapp.undo import repository

# How long a change can be undone, and how long after it that is offered.
UNDOABLE = timedelta(hours=1)
JUST_NOW = timedelta(seconds=5)


def offered(project: ProjectRow, number: int, by: Viewer) -> UUID | None:
    """What `by` has just done to an issue, if it can be undone."""
    issue_id = repository.issue_id(project.id, number)
    events = repository.newest_change(issue_id, by.id, JUST_NOW) if issue_id is not None else ()
    return events[0].change_id if events and _inverse(events) is not None else None


def undo(project: ProjectRow, number: int, change: UUID, by: Viewer) -> IssueDetail:
    """Take back a change of one's own, as a change of its own.

    Raises Conflict if it was too long ago, or if what it changed has been changed again since.
    """
    require(by, Do.COMMENT, project)
    issue_id = repository.issue_id(project.id, number)
    if issue_id is None:
        raise NotFound()
    events = repository.events_of(issue_id, change)
    require_undoable(events, by)
    wanted = _inverse(events) or {}
    if "deleted" in wanted:
        return removal.restore(project, number, by)
    if "restored_comment" in wanted:
        issue = issues.get(project, number, by)
        comments.restore(project, issue, wanted["restored_comment"], by)
    else:
        _take_back(project, number, events, wanted, by)
    return issues.get(project, number, by)


@transaction
def _take_back(project: ProjectRow, number: int, events: Sequence[Event], wanted: Effect, by: Viewer) -> None:
    require(by, Do.COMMENT, project)
    issue = editing.locked(project, number, by)
    since = repository.kinds_after(issue.id, max(event.id for event in events))
    if inverse.is_overtaken([event.kind for event in events], since):
        raise Overtaken("It was changed again meanwhile. Nothing was undone.")
    values = _edit(project, issue, wanted)
    try:
        editing.change(project, number, IssueEdit(**values, force=True), by)
    except Invalid as gone:  # a status, milestone or member that is no longer there
        raise Conflict(f"It cannot be as it was: {gone.detail}") from gone


def require_undoable(events: Sequence[Event], by: Viewer) -> None:
    """Go on only if `by` did this, lately, and the events tell enough to take it back."""
    if any(event.actor_id != by.id for event in events):
        raise Forbidden("You can only undo what you did yourself.")
    if not events or _inverse(events) is None:
        raise Conflict("There is nothing to undo.")
    if clock.now() - events[0].created_at > UNDOABLE:
        raise Conflict("This was too long ago to be undone.")


def _inverse(events: Sequence[Event]) -> Effect | None:
    return inverse.of(of(event.kind, event.data) for event in events)


def _edit(project: ProjectRow, issue: IssueDetail, wanted: Effect) -> dict[str, Any]:
    """The fields of an edit after which the issue has what is wanted."""
    return {field: _value(project, issue, field, value) for field, value in wanted.items()}


def _value(project: ProjectRow, issue: IssueDetail, field: str, value: Any) -> Any:
    if field == "status":
        return next((one.name for one in statuses.of(project) if one.id == value.id), value.name)
    if field == "labels":
        carried = _after(value, [label.id for label in issue.labels])
        return [label.name for label in labels.of(project) if label.id in carried]
    if field == "assignees":
        return sorted(_after(value, [person.id for person in issue.assignees]))
    return value.id if isinstance(value, Ref) else value


def _after(difference: Difference, now: Sequence[int]) -> set[int]:
    """Whatever others added meanwhile stays."""
    gone, back = ({ref.id for ref in side if ref.id} for side in (difference.removed, difference.added))
    return (set(now) - gone) | back
