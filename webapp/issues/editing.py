"""What follows when an issue is changed: who may, the new values, the events."""

from collections.abc import Callable
from typing import Any

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import NotFound, Overtaken
from webapp.events import kinds
from webapp.events import service as events
from webapp.events.service import EventRow
from webapp.history import service as history
from webapp.issues import linking, repository, turns, workflow
from webapp.issues.models import Reason, State
from webapp.issues.rows import IssueDetail, MilestoneRef, ParentRef
from webapp.issues.saving import Save, keep
from webapp.issues.schemas import ClosureIn, IssueEdit
from webapp.issues.service import get, read, rendered, require_members, require_triage
from webapp.issues.written import Written, tell
from webapp.labels import service as labels
from webapp.milestones import service as milestones
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.references.service import Prepared
from webapp.text.cache import kept

# The events that tell of a field's change.
KINDS = {
    "title": "renamed",
    "body": "described",
    "labels": "labelled",
    "assignees": "assigned",
    "priority": "prioritised",
    "status": "moved_status",
    "milestone": "milestoned",
    "start_on": "started",
    "due_on": "scheduled",
    "estimate": "estimated",
    "parent": "reparented",
}
TRIAGE = {"labels", "assignees", "priority", "milestone", "start_on", "due_on", "estimate", "parent"}
WORKFLOW = {"status", "state", "close_reason", "duplicate_of"}
APART = {"version", "force"}


def edit(project: ProjectRow, number: int, changes: IssueEdit, by: Viewer) -> IssueDetail:
    """Change the fields that were sent, with an event for each that really differs.

    Raises Conflict if the issue is no longer at `changes.version`.
    """
    text = references.prepared(changes.body, project, by) if "body" in changes.model_fields_set else None
    now = change(project, number, changes, by, text=text)
    return get(project, number, by) if now is None else rendered(now)


@transaction
def change(
    project: ProjectRow,
    number: int,
    changes: IssueEdit,
    by: Viewer,
    *,
    text: Prepared | None = None,
    cause: str | None = None,
) -> IssueDetail | None:
    """The same within a change of more than this; None where the issue has to be read again.

    `text` is a new one as it was prepared, `cause` the key of the issue on which it was said that this one is to be
    closed.
    """
    sent = changes.model_dump(exclude_unset=True, exclude=APART)
    linking.hold_all(project, number, sent, by)
    before = locked(project, number, by)
    require_fields(project, before.author.id, set(sent), by)
    if changes.version is not None and changes.version != before.version:
        raise Overtaken("Somebody else changed this issue meanwhile. Compare, and save again.")
    save = Save(before, sent, project, by, changes.force, cause, text)
    for follow in dict.fromkeys(CHANGES[name] for name in sent):
        follow(save)
    now = keep(save)
    if text is not None and "described" in save.events:
        tell(Written(project, before.id, number, None, text.text, by, text.said))
    return now


def changers(issue: IssueDetail) -> dict[str, EventRow]:
    """For each field the event of its last change."""
    newest = events.newest(issue.id)
    return {name: newest[kind] for name, kind in KINDS.items() if kind in newest}


def close(project: ProjectRow, number: int, closure: ClosureIn, by: Viewer) -> IssueDetail:
    """Close an issue, for a reason; naming the issue that it repeats makes that the reason."""
    sent = closure.model_dump(exclude_none=True)
    if closure.duplicate_of is not None:
        sent["close_reason"] = Reason.DUPLICATE
    return edit(project, number, IssueEdit(state=State.CLOSED, **sent), by)


def reopen(project: ProjectRow, number: int, by: Viewer) -> IssueDetail:
    """Open an issue again. Opening an open one changes nothing."""
    return edit(project, number, IssueEdit(state=State.OPEN), by)


def locked(project: ProjectRow, number: int, by: Viewer) -> IssueDetail:
    """How an issue is now, which nobody else can change until the transaction ends.

    Raises NotFound, or Gone for one in the trash.
    """
    hold(project, number, by)
    return read(project, number, by)


def hold(project: ProjectRow, number: int, by: Viewer) -> None:
    """The same for who need not know how it is."""
    require(by, Do.SEE, project)
    if not repository.hold(project.id, number):
        read(project, number, by)
        raise NotFound()  # it came between the two


def require_fields(project: ProjectRow, author_id: int, fields: set[str], by: Viewer) -> None:
    """Go on only if `by` may change these fields of an issue that this person wrote."""
    if fields - WORKFLOW or not fields:
        require(by, Do.EDIT_ISSUE, project, author_id)
    if fields & WORKFLOW:
        require(by, Do.CLOSE_ISSUE, project, author_id)
    require_triage(project, by, fields & TRIAGE)


def _title(save: Save) -> None:
    _plain(save, "title", kinds.Renamed)


def _body(save: Save) -> None:
    before, body = save.before, save.sent["body"]
    if body != before.body:
        history.keep(before.id, None, before.version, before.body, save.by)
        save.tell(kinds.Described(len(before.body), len(body), before.version))
        save.values |= {"body": body, **kept(save.text.final_html if save.text else None)}


def _priority(save: Save) -> None:
    _plain(save, "priority", kinds.Prioritised)


def _due_on(save: Save) -> None:
    _plain(save, "due_on", kinds.Scheduled)


def _start_on(save: Save) -> None:
    _plain(save, "start_on", kinds.Started)


def _estimate(save: Save) -> None:
    _plain(save, "estimate", kinds.Estimated)


def _plain(save: Save, name: str, kind: Callable[[Any, Any], kinds.Happening]) -> None:
    """A field that is told as it is."""
    old, new = getattr(save.before, name), save.sent[name]
    if old != new:
        save.tell(kind(old, new))
        save.values[name] = new


def _milestone(save: Save) -> None:
    wanted, old = save.sent["milestone"], save.before.milestone
    if wanted == (old and old.id):
        return
    new = milestones.chosen(save.project, wanted) if wanted is not None else None
    former = (old.title, old.id) if old else (None, None)
    save.tell(kinds.Milestoned(former[0], new.title if new else None, former[1], wanted))
    save.values["milestone_id"] = wanted
    save.shown["milestone"] = MilestoneRef(new.id, new.title) if new else None


def _parent(save: Save) -> None:
    number, old = save.sent["parent"], save.before.parent
    if number == (old and old.number):
        return
    parent = linking.parent(save.project, save.before.id, number) if number is not None else None
    new = parent and ParentRef.of(save.project.key, parent)
    if new and old and new.number == old.number:
        return  # it was called by a former number
    former = (old.key, old.number) if old else (None, None)
    save.tell(kinds.Reparented(former[0], new.key if new else None, former[1], new.number if new else None))
    save.values["parent_id"] = parent and parent.id
    save.shown["parent"] = new


def _labels(save: Save) -> None:
    old = {label.id: label.name for label in save.before.labels}
    new = {label.id: label.name for label in labels.named(save.project, save.sent["labels"], held=old)}
    added, removed = [id for id in new if id not in old], [id for id in old if id not in new]
    if added or removed:
        turns.take_labels([*added, *removed])
        repository.untie_labels(save.before.id, removed)
        repository.tie_labels(save.before.id, added)
        save.tell(kinds.Labelled.of_ids(added, removed, {**old, **new}))
        save.is_known = False


def _assignees(save: Save) -> None:
    old = {person.id: person.name for person in save.before.assignees}
    new = list(dict.fromkeys(save.sent["assignees"]))
    added, removed = [id for id in new if id not in old], [id for id in old if id not in new]
    people = {person.id: person.name for person in require_members(save.project, added)}
    if added or removed:
        repository.assign(save.before.id, added, removed)
        save.tell(kinds.Assigned.of_ids(added, removed, {**old, **people}))
        save.is_known = False


CHANGES: dict[str, Callable[[Save], None]] = {
    "title": _title,
    "body": _body,
    "priority": _priority,
    "milestone": _milestone,
    "start_on": _start_on,
    "due_on": _due_on,
    "estimate": _estimate,
    "parent": _parent,
    "labels": _labels,
    "assignees": _assignees,
    **dict.fromkeys(sorted(WORKFLOW), workflow.advance),
}
