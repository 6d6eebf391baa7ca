"""What to send to an issue so that it is as it was before a save: each event's data says what that was."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from webapp.issues.rows import IssueDetail
from webapp.labels.models import Label

Data = Mapping[str, Any]

# Kinds that touch the same: whoever changed one of them since has changed what would be undone.
STATE = frozenset({"closed", "reopened", "reclosed", "moved_status"})
# These add and remove; whatever others added meanwhile stays.
SETS = frozenset({"labelled", "assigned"})
FIELDS: Mapping[str, Callable[[Data], dict[str, Any]]] = {
    "renamed": lambda data: {"title": data["old"]},
    "prioritised": lambda data: {"priority": data["old"]},
    "scheduled": lambda data: {"due_on": data["old"]},
    "started": lambda data: {"start_on": data["old"]},
    "estimated": lambda data: {"estimate": data["old"]},
    "milestoned": lambda data: {"milestone": data["old_id"]},
    "reparented": lambda data: {"parent": data["old_number"]},
    "moved_status": lambda data: {"status": data["old"]},
    "closed": lambda data: {"state": "open"},
    "reopened": lambda data: {"state": "closed", "close_reason": data.get("reason")},
    "reclosed": lambda data: {"close_reason": data["old"]},
}
KINDS = frozenset(FIELDS) | SETS
# What the data must name. Where many issues were changed at once it does not: that is not one issue's to undo.
NEEDED = {
    "milestoned": "old_id",
    "reparented": "old_number",
    "labelled": "removed_ids",
    "assigned": "removed_ids",
}


def is_told(kind: str, data: Data) -> bool:
    """Whether an event tells enough to be taken back."""
    return kind in KINDS and NEEDED.get(kind) in (None, *data)


def values(events: Mapping[str, Data], issue: IssueDetail, labels: Sequence[Label]) -> dict[str, Any]:
    """The fields of an edit that takes the events back. `labels` are the project's."""
    found: dict[str, Any] = {}
    for kind, read in FIELDS.items():
        if kind in events:
            found |= read(events[kind])
    if "labelled" in events:
        carried = _without(events["labelled"], [label.id for label in issue.labels])
        found["labels"] = [label.name for label in labels if label.id in carried]
    if "assigned" in events:
        found["assignees"] = sorted(_without(events["assigned"], [person.id for person in issue.assignees]))
    return found


def touched(kinds: set[str]) -> set[str]:
    """The kinds of events after which these can no longer be taken back.

    Statuses, milestones and numbers of before a move mean nothing, or something else, in the other project.
    """
    return (kinds - SETS) | (STATE if kinds & STATE else set()) | {"moved"}


def _without(data: Data, now: Sequence[int]) -> set[int]:
    return (set(now) - set(data["added_ids"])) | set(data["removed_ids"])
