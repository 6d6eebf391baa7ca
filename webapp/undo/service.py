from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.comments import removal as comments
from webapp.db import transaction
from webapp.errors import Conflict, Forbidden, Invalid, NotFound, Overtaken
from webapp.events.models import Event
from webapp.issues import editing, removal
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueEdit
from webapp.labels import service as labels
from webapp.projects.service import ProjectRow
from webapp.undo import inverse, repository

# How long a change can be undone, and how long after it that is offered.
UNDOABLE = timedelta(hours=1)
JUST_NOW = timedelta(seconds=5)


def offered(project: ProjectRow, number: int, by: Viewer) -> UUID | None:
    """What `by` has just done to an issue, if it can be undone."""
    issue_id = repository.issue_id(project.id, number)
    events = repository.newest_change(issue_id, by.id, JUST_NOW) if issue_id is not None else ()
    return events[0].change_id if events and _can_be_undone(events) else None


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
    first = events[0]
    if first.kind == "deleted":
        return removal.restore(project, number, by)
    if first.kind == "comment_deleted":
        issue = issues.get(project, number, by)
        comments.restore(project, issue, first.data["comment"], by)
        return issues.get(project, number, by)
    _take_back(project, number, events, by)
    return issues.get(project, number, by)


@transaction
def _take_back(project: ProjectRow, number: int, events: Sequence[Event], by: Viewer) -> None:
    require(by, Do.COMMENT, project)
    issue = editing.locked(project, number, by)
    kinds = {event.kind for event in events}
    if inverse.touched(kinds) & repository.kinds_after(issue.id, max(event.id for event in events)):
        raise Overtaken("It was changed again meanwhile. Nothing was undone.")
    values = inverse.values({event.kind: event.data for event in events}, issue, labels.of(project))
    try:
        editing.change(project, number, IssueEdit(**values, force=True), by)
    except Invalid as gone:  # a status, milestone or member that is no longer there
        raise Conflict(f"It cannot be as it was: {gone.detail}") from gone


def require_undoable(events: Sequence[Event], by: Viewer) -> None:
    """Go on only if `by` did this, lately, and the events tell enough to take it back."""
    if any(event.actor_id != by.id for event in events):
        raise Forbidden("You can only undo what you did yourself.")
    if not events or not _can_be_undone(events):
        raise Conflict("There is nothing to undo.")
    if clock.now() - events[0].created_at > UNDOABLE:
        raise Conflict("This was too long ago to be undone.")


def _can_be_undone(events: Sequence[Event]) -> bool:
    kinds = {event.kind for event in events}
    return all(inverse.is_told(event.kind, event.data) for event in events) or kinds in (
        {"deleted"},
        {"comment_deleted"},
    )
