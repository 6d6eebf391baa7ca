"""What follows when an issue is changed: who may, the new values, the events, the counters."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound
from webapp.issues import repository
from webapp.issues.models import Issue, Reason, State
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueEdit
from webapp.issues.service import get, require_members, require_triage
from webapp.issues.written import Written, tell
from webapp.labels import service as labels
from webapp.projects.service import ProjectRow
from webapp.timeline import service as timeline
from webapp.timeline.service import EventRow

# The events that tell of a field's change.
KINDS = {
    "title": "renamed",
    "body": "described",
    "labels": "labelled",
    "assignees": "assigned",
    "priority": "prioritised",
    "due_on": "scheduled",
}
TRIAGE = ("labels", "assignees", "priority", "due_on")


@dataclass(slots=True)
class Save:
    """One save of an issue: its row, how it was, what was sent, and the events that come of it."""

    row: Issue
    before: IssueDetail
    sent: dict[str, Any]
    project: ProjectRow
    events: dict[str, dict[str, Any]] = field(default_factory=dict)


@transaction
def edit(project: ProjectRow, number: int, changes: IssueEdit, by: Viewer) -> IssueDetail:
    """Change the fields that were sent, with an event for each that really differs.

    Raises Conflict if the issue is no longer at `changes.version`.
    """
    before = get(project, number, by)
    sent = changes.model_dump(exclude_unset=True, exclude={"version"})
    _require(project, before, sent, by)
    row = _locked(before, changes)
    save = Save(row, before, sent, project)
    for name in sent:
        CHANGES[name](save)
    if events := save.events:
        row.version += 1
        row.updated_at = repository.database_now()
        repository.flush()
        moved = int("reopened" in events) - int("closed" in events)
        repository.touch_project(project.id, opened=moved, closed=-moved)
        timeline.record(row.id, project.id, by, events)
    if "described" in events:
        tell(Written(project, row.id, number, None, row.body, by))
    return get(project, number, by)


def changers(issue: IssueDetail) -> dict[str, EventRow]:
    """For each field the event of its last change."""
    newest = timeline.newest(issue.id)
    return {name: newest[kind] for name, kind in KINDS.items() if kind in newest}


def _require(project: ProjectRow, issue: IssueDetail, sent: dict[str, Any], by: Viewer) -> None:
    fields = set(sent)
    if fields - {"state", "close_reason"} or not fields:
        require(by, Do.EDIT_ISSUE, project, issue.author.id)
    if fields & {"state", "close_reason"}:
        require(by, Do.CLOSE_ISSUE, project, issue.author.id)
    require_triage(project, by, fields & set(TRIAGE))


def _locked(issue: IssueDetail, changes: IssueEdit) -> Issue:
    row = repository.locked(issue.id)
    if row is None:
        raise NotFound()
    if changes.version is not None and changes.version != row.version:
        raise Conflict("Somebody else changed this issue meanwhile. Compare, and save again.")
    return row


def _title(save: Save) -> None:
    if save.sent["title"] != save.row.title:
        save.events["renamed"] = {"old": save.row.title, "new": save.sent["title"]}
        save.row.title = save.sent["title"]


def _body(save: Save) -> None:
    if save.sent["body"] != save.row.body:
        save.events["described"] = {}
        save.row.body, save.row.body_html, save.row.html_version = save.sent["body"], None, None


def _priority(save: Save) -> None:
    if save.sent["priority"] != save.row.priority:
        save.events["prioritised"] = {"old": save.row.priority, "new": save.sent["priority"]}
        save.row.priority = save.sent["priority"]


def _due_on(save: Save) -> None:
    old, new = save.row.due_on, save.sent["due_on"]
    if old != new:
        save.events["scheduled"] = {"old": old and old.isoformat(), "new": new and new.isoformat()}
        save.row.due_on = new


def _state(save: Save) -> None:
    state = save.sent["state"]
    if state == State.CLOSED and save.row.state != State.CLOSED:
        reason = save.sent.get("close_reason") or Reason.COMPLETED
        save.row.closed_at, save.row.state, save.row.close_reason = repository.database_now(), State.CLOSED, reason
        save.events["closed"] = {"reason": save.row.close_reason}
    elif state == State.OPEN and save.row.state != State.OPEN:
        save.row.state, save.row.closed_at, save.row.close_reason = State.OPEN, None, None
        save.events["reopened"] = {}


def _close_reason(save: Save) -> None:
    """Another reason for an issue that stays closed; along with `state` it is part of closing."""
    if save.sent.get("state", save.row.state) == State.OPEN:
        if save.sent["close_reason"] is not None and "reopened" not in save.events:
            raise Invalid.on("close_reason", "is only for a closed issue; send state: closed with it.")
    elif (
        save.sent["close_reason"]
        and "closed" not in save.events
        and save.sent["close_reason"] != save.row.close_reason
    ):
        save.row.close_reason = save.sent["close_reason"]
        save.events["reclosed"] = {"reason": save.row.close_reason}


def _labels(save: Save) -> None:
    new = {label.id: label.name for label in labels.named(save.project, save.sent["labels"])}
    old = {label.id: label.name for label in save.before.labels}
    added, removed = [id for id in new if id not in old], [id for id in old if id not in new]
    if added or removed:
        repository.untie_labels(save.row.id, removed)
        repository.tie_labels(save.row.id, added)
        save.events["labelled"] = {"added": [new[id] for id in added], "removed": [old[id] for id in removed]}


def _assignees(save: Save) -> None:
    old = {person.id: person.name for person in save.before.assignees}
    new = list(dict.fromkeys(save.sent["assignees"]))
    require_members(save.project, [id for id in new if id not in old])
    if set(new) != set(old):
        repository.set_assignees(save.row.id, new)
        names = repository.names(new)
        save.events["assigned"] = {
            "added": [names[id] for id in new if id not in old],
            "removed": [old[id] for id in old if id not in new],
        }


CHANGES: dict[str, Callable[[Save], None]] = {
    "title": _title,
    "body": _body,
    "priority": _priority,
    "due_on": _due_on,
    "state": _state,
    "close_reason": _close_reason,
    "labels": _labels,
    "assignees": _assignees,
}
