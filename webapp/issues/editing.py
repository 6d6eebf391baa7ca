"""What follows when an issue is changed: who may, the new values, the events."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import NotFound, Overtaken
from webapp.history import service as history
from webapp.issues import linking, repository, turns, workflow
from webapp.issues.models import Issue, Reason, State
from webapp.issues.rows import IssueDetail
from webapp.issues.saving import Save, keep
from webapp.issues.schemas import ClosureIn, IssueEdit
from webapp.issues.service import get, read, require_members, require_triage
from webapp.issues.written import Written, tell
from webapp.labels import service as labels
from webapp.milestones import service as milestones
from webapp.projects.service import ProjectRow
from webapp.text.markdown import find
from webapp.timeline import service as timeline
from webapp.timeline.service import EventRow

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
    said = find(changes.body).said if "body" in changes.model_fields_set else ()
    change(project, number, changes, by, said=said)
    return get(project, number, by)


@transaction
def change(
    project: ProjectRow,
    number: int,
    changes: IssueEdit,
    by: Viewer,
    *,
    said: Sequence[str] = (),
    cause: str | None = None,
) -> None:
    """The same within a change of more than this.

    `said` is what a new text names, `cause` the key of the issue on which it was said that this one is to be closed.
    """
    sent = changes.model_dump(exclude_unset=True, exclude=APART)
    linking.hold_all(project, number, sent, by)
    row, before = locked(project, number, by)
    require_fields(project, before.author.id, set(sent), by)
    if changes.version is not None and changes.version != row.version:
        raise Overtaken("Somebody else changed this issue meanwhile. Compare, and save again.")
    save = Save(row, before, sent, project, by, changes.force, cause)
    for follow in dict.fromkeys(CHANGES[name] for name in sent):
        follow(save)
    keep(save)
    if "described" in save.events:
        tell(Written(project, row.id, number, None, row.body, by, said))


def changers(issue: IssueDetail) -> dict[str, EventRow]:
    """For each field the event of its last change."""
    newest = timeline.newest(issue.id)
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


def locked(project: ProjectRow, number: int, by: Viewer) -> tuple[Issue, IssueDetail]:
    """An issue that nobody else can change until the transaction ends, and how it is now.

    Raises NotFound, or Gone for one in the trash.
    """
    require(by, Do.SEE, project)
    row, before = repository.locked(project.id, number), read(project, number, by)
    if row is None:
        raise NotFound()  # it came between the two
    return row, before


def require_fields(project: ProjectRow, author_id: int, fields: set[str], by: Viewer) -> None:
    """Go on only if `by` may change these fields of an issue that this person wrote."""
    if fields - WORKFLOW or not fields:
        require(by, Do.EDIT_ISSUE, project, author_id)
    if fields & WORKFLOW:
        require(by, Do.CLOSE_ISSUE, project, author_id)
    require_triage(project, by, fields & TRIAGE)


def _title(save: Save) -> None:
    if save.sent["title"] != save.row.title:
        save.events["renamed"] = {"old": save.row.title, "new": save.sent["title"]}
        save.row.title = save.sent["title"]


def _body(save: Save) -> None:
    if save.sent["body"] != save.row.body:
        history.keep(save.row.id, None, save.row.version, save.row.body, save.by)
        lengths = {"old": len(save.row.body), "new": len(save.sent["body"])}
        save.events["described"] = {**lengths, "version": save.row.version}
        save.row.body, save.row.body_html, save.row.html_version = save.sent["body"], None, None


def _priority(save: Save) -> None:
    if save.sent["priority"] != save.row.priority:
        save.events["prioritised"] = {"old": save.row.priority, "new": save.sent["priority"]}
        save.row.priority = save.sent["priority"]


def _due_on(save: Save) -> None:
    _date(save, "due_on", "scheduled")


def _start_on(save: Save) -> None:
    _date(save, "start_on", "started")


def _date(save: Save, name: str, kind: str) -> None:
    old: date | None = getattr(save.row, name)
    new: date | None = save.sent[name]
    if old != new:
        save.events[kind] = {"old": old and old.isoformat(), "new": new and new.isoformat()}
        setattr(save.row, name, new)


def _estimate(save: Save) -> None:
    if save.sent["estimate"] != save.row.estimate:
        save.events["estimated"] = {"old": save.row.estimate, "new": save.sent["estimate"]}
        save.row.estimate = save.sent["estimate"]


def _milestone(save: Save) -> None:
    wanted, old = save.sent["milestone"], save.before.milestone
    if wanted == save.row.milestone_id:
        return
    new = milestones.chosen(save.project, wanted) if wanted is not None else None
    save.events["milestoned"] = {
        "old": old and old.title,
        "new": new and new.title,
        "old_id": save.row.milestone_id,
        "new_id": wanted,
    }
    save.row.milestone_id = wanted


def _parent(save: Save) -> None:
    number, old = save.sent["parent"], save.before.parent
    if number == (old and old.number):
        return
    parent = linking.parent(save.project, save.row.id, number) if number is not None else None
    save.events["reparented"] = {
        "old": old and old.key,
        "new": f"{save.project.key}-{number}" if parent else None,
        "old_number": old and old.number,
        "new_number": number,
    }
    save.row.parent_id = parent.id if parent else None


def _labels(save: Save) -> None:
    old = {label.id: label.name for label in save.before.labels}
    new = {label.id: label.name for label in labels.named(save.project, save.sent["labels"], held=old)}
    added, removed = [id for id in new if id not in old], [id for id in old if id not in new]
    if added or removed:
        turns.take_labels([*added, *removed])
        repository.untie_labels(save.row.id, removed)
        repository.tie_labels(save.row.id, added)
        save.events["labelled"] = _difference(added, removed, {**old, **new})


def _assignees(save: Save) -> None:
    old = {person.id: person.name for person in save.before.assignees}
    new = list(dict.fromkeys(save.sent["assignees"]))
    require_members(save.project, [id for id in new if id not in old])
    if set(new) != set(old):
        repository.set_assignees(save.row.id, new)
        added, removed = [id for id in new if id not in old], [id for id in old if id not in new]
        save.events["assigned"] = _difference(added, removed, {**old, **repository.names(new)})


def _difference(added: list[int], removed: list[int], names: dict[int, str]) -> dict[str, Any]:
    return {
        "added": [names[id] for id in added],
        "removed": [names[id] for id in removed],
        "added_ids": added,
        "removed_ids": removed,
    }


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
