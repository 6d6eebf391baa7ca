"""What is to become of many issues, with all that it names looked up once."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from webapp.access import Viewer
from webapp.bulk.schemas import BulkEdit
from webapp.changes import repository
from webapp.errors import Invalid
from webapp.events.kinds import Estimated, Happening, Prioritised, Scheduled, Started
from webapp.issues import moving
from webapp.issues.models import Reason, State
from webapp.issues.service import require_members
from webapp.labels import service as labels
from webapp.labels.models import Label
from webapp.milestones import service as milestones
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses
from webapp.statuses.service import StatusRow

T = TypeVar("T")

# What goes into an issue as it was sent, and the event that tells of it.
PLAIN: dict[str, Callable[[Any, Any], Happening]] = {
    "priority": Prioritised,
    "start_on": Started,
    "due_on": Scheduled,
    "estimate": Estimated,
}
WORKFLOW = {"state", "close_reason", "status"}
APART = {"numbers", "expected", "force"}
# What a field of many issues is on a single one: the same right is needed for it.
SINGLE = {
    "add_labels": "labels",
    "remove_labels": "labels",
    "add_assignees": "assignees",
    "remove_assignees": "assignees",
}


@dataclass(slots=True)
class Wanted:
    """The fields that were sent, as rows and ids."""

    sent: dict[str, Any]
    force: bool = False
    statuses: Sequence[StatusRow] = ()
    status: StatusRow | None = None
    milestone: str | None = None
    labels: dict[int, Label] = field(default_factory=dict)
    add_labels: list[int] = field(default_factory=list)
    remove_labels: list[int] = field(default_factory=list)
    people: dict[int, str] = field(default_factory=dict)
    target: ProjectRow | None = None

    @property
    def fields(self) -> set[str]:
        """What is changed, as one issue has it."""
        return {SINGLE.get(name, name) for name in self.sent}

    @property
    def is_advancing(self) -> bool:
        """Whether it is about the state of the issues."""
        return bool(WORKFLOW & set(self.sent))


def sent(edit: BulkEdit) -> dict[str, Any]:
    """The changes that an edit asks for. Raises Invalid for none, and for some that exclude each other."""
    said = edit.model_dump(exclude_unset=True, exclude=APART)
    found = {name: value for name, value in said.items() if not _is_nothing(name, value)}
    if not found:
        raise Invalid.on("", "Say what to change.")
    for name in ("delete", "move_to"):
        if name in found and len(found) > 1:
            raise Invalid.on(name, "cannot be sent together with other changes.")
    return found


def _is_nothing(name: str, value: Any) -> bool:
    return value is False or value == [] or (name == "close_reason" and value is None)


def wanted(project: ProjectRow, edit: BulkEdit, by: Viewer) -> Wanted:
    """Look up what an edit names. Raises Invalid for what there is not."""
    want = Wanted(sent(edit), edit.force)
    if "move_to" in want.sent:
        want.target = _on("move_to", lambda: moving.target_of(project, want.sent["move_to"], by))
    if want.is_advancing:
        _read_state(want, project)
    if want.sent.get("milestone") is not None:
        want.milestone = milestones.chosen(project, want.sent["milestone"]).title
    if {"add_labels", "remove_labels"} & set(want.sent):
        _read_labels(want, project)
    if {"add_assignees", "remove_assignees"} & set(want.sent):
        _read_people(want, project)
    return want


def _read_state(want: Wanted, project: ProjectRow) -> None:
    want.statuses = statuses.of(project)
    state, reason = want.sent.get("state"), want.sent.get("close_reason")
    if "status" in want.sent:
        want.status = statuses.named(project, want.sent["status"])
        if state is not None and want.status.is_open != (state == State.OPEN):
            raise Invalid.on("status", f"{want.status.name} contradicts state: {state}.")
    elif state == State.OPEN:
        want.status = statuses.reopened(project)
    elif state == State.CLOSED:
        want.status = statuses.closed(project, completed=reason in (None, Reason.COMPLETED))
    if reason is not None and (want.status is None or want.status.is_open):
        raise Invalid.on("close_reason", "is only for closed issues; send state: closed with it.")


def _read_labels(want: Wanted, project: ProjectRow) -> None:
    want.labels = {label.id: label for label in labels.of(project)}
    names = want.sent.get("add_labels", []), want.sent.get("remove_labels", [])
    added = _on("add_labels", lambda: labels.named(project, names[0]))
    gone = _on("remove_labels", lambda: labels.named(project, names[1], held=want.labels))
    want.add_labels, want.remove_labels = [label.id for label in added], [label.id for label in gone]
    _refuse_both("remove_labels", want.add_labels, want.remove_labels)


def _read_people(want: Wanted, project: ProjectRow) -> None:
    added, gone = want.sent.get("add_assignees", []), want.sent.get("remove_assignees", [])
    _on("add_assignees", lambda: require_members(project, added))
    _refuse_both("remove_assignees", added, gone)
    want.people = repository.names([*added, *gone])


def _refuse_both(field: str, added: Collection[int], gone: Collection[int]) -> None:
    if set(added) & set(gone):
        raise Invalid.on(field, "names what is to be added as well.")


def _on(field: str, look: Callable[[], T]) -> T:
    """The same, but what is refused is refused on a field of this form."""
    try:
        return look()
    except Invalid as refused:
        raise Invalid({field: next(iter(refused.errors.values()))}) from None
