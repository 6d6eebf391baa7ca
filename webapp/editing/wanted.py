"""What people send is looked up: a change of issues with all that it names as rows and ids."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from webapp.access import Viewer
from webapp.changes import repository
from webapp.changes.rows import Row
from webapp.changes.want import Ref, Upper, Want
from webapp.editing.rights import WORKFLOW
from webapp.editing.targets import target_of
from webapp.errors import Invalid
from webapp.i18n import Whole, _
from webapp.issues import linking
from webapp.issues.fields import PLAIN
from webapp.issues.service import require_members
from webapp.labels import service as labels
from webapp.milestones import service as milestones
from webapp.models.issues import Reason, State
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses

T = TypeVar("T")

LABELS = {"add_labels", "remove_labels", "add_label_ids", "remove_label_ids"}
PEOPLE = {"add_assignees", "remove_assignees"}


def wanted(project: ProjectRow, sent: Mapping[str, Any], by: Viewer, row: Row | None = None, **more: Any) -> Want:
    """Look up what the sent fields name; `more` is what of the change is known otherwise.

    What an issue is to have as a whole (labels, assignees, parent) depends on what it has: `row` is that issue,
    locked. Raises Invalid for what there is not.
    """
    want = Want({name: sent[name] for name in PLAIN if name in sent}, **more)
    if "move_to" in sent:
        want = replace(want, target=_on("move_to", lambda: target_of(project, sent["move_to"], by)))
    if "milestone" in sent and not (row and row.milestone_id == sent["milestone"]):
        want = replace(want, milestone=_milestone(project, sent["milestone"]))
    for fields, look in ((WORKFLOW, _state), (LABELS, _labels), (PEOPLE, _people)):
        if fields & set(sent):
            want = look(want, project, sent)
    return want if row is None else _whole(want, project, sent, row)


def _whole(want: Want, project: ProjectRow, sent: Mapping[str, Any], row: Row) -> Want:
    """What one issue is to have and be a part of, from now on and nothing else."""
    if "labels" in sent:
        named = [label.id for label in labels.named(project, sent["labels"], held=row.label_ids)]
        added, gone = _difference(named, row.label_ids)
        want = replace(want, add_labels=tuple(added), remove_labels=tuple(gone))
    if "assignees" in sent:
        added, gone = _difference(sent["assignees"], row.assignee_ids)
        new = {person.id: person.name for person in require_members(project, added)}
        lost = repository.names(gone) if gone else {}
        want = replace(want, add_assignees={id: new[id] for id in added}, remove_assignees=lost)
    if "parent" in sent:
        want = replace(want, parent=_parent(project, row, sent["parent"]))
    return want


def _difference(wanted: Sequence[int], held: Sequence[int]) -> tuple[list[int], list[int]]:
    new = list(dict.fromkeys(wanted))
    return [id for id in new if id not in held], [id for id in held if id not in new]


def _state(want: Want, project: ProjectRow, sent: Mapping[str, Any]) -> Want:
    """The status to go to, by name or by open and closed."""
    state, reason = sent.get("state"), sent.get("close_reason")
    own = statuses.of(project)
    want = replace(want, reason=reason, statuses=own)
    if "status" in sent:
        status = statuses.named(project, sent["status"], own)
        if state is not None and status.is_open != (state == State.OPEN):
            raise Invalid.on(
                "status", Whole(_("%(status)s contradicts state: %(state)s.", status=status.name, state=state))
            )
        return replace(want, status=status)
    if state == State.OPEN:
        return replace(want, state=state, status=statuses.reopened(project, own))
    if state == State.CLOSED:
        completed = reason in (None, Reason.COMPLETED)
        return replace(want, state=state, status=statuses.closed(project, completed=completed, among=own))
    return want


def _milestone(project: ProjectRow, milestone_id: int | None) -> Ref:
    return Ref(milestone_id, milestones.chosen(project, milestone_id).title) if milestone_id is not None else Ref()


def _parent(project: ProjectRow, row: Row, number: int | None) -> Upper:
    if number is None:
        return Upper()
    try:
        parent = linking.parent(project, row.id, number)
    except Invalid:
        if row.parent_id is None or repository.numbers([row.parent_id]).get(row.parent_id) != number:
            raise
        return Upper(row.parent_id, number, f"{project.key}-{number}")  # it is in the trash, and stays
    return Upper(parent.id, parent.number, f"{project.key}-{parent.number}")


def _labels(want: Want, project: ProjectRow, sent: Mapping[str, Any]) -> Want:
    """Labels by name or by id. Of a scope an issue has one: a new one takes the place of the others."""
    own = {label.id: label.name for label in labels.of(project)}
    named = _on("add_labels", lambda: labels.named(project, sent.get("add_labels", ())))
    new = [*sent.get("add_label_ids", ()), *(label.id for label in named)]
    if not own.keys() >= set(new):
        raise Invalid.on("labels", _("names a label that is gone."))
    named = _on("remove_labels", lambda: labels.named(project, sent.get("remove_labels", ()), held=own))
    lost = [*sent.get("remove_label_ids", ()), *(label.id for label in named)]
    _refuse_both("remove_labels", new, lost)
    scopes = {scope for id in new if (scope := labels.scope(own[id]))}
    rivals = [id for id, name in own.items() if labels.scope(name) in scopes and id not in new]
    return replace(want, add_labels=tuple(new), remove_labels=tuple(dict.fromkeys([*lost, *rivals])))


def _people(want: Want, project: ProjectRow, sent: Mapping[str, Any]) -> Want:
    added, gone = sent.get("add_assignees", ()), sent.get("remove_assignees", ())
    new = _on("add_assignees", lambda: require_members(project, list(dict.fromkeys(added))))
    _refuse_both("remove_assignees", added, gone)
    names = {person.id: person.name for person in new}
    lost = repository.names(gone) if gone else {}
    return replace(want, add_assignees={id: names[id] for id in added}, remove_assignees=lost)


def _refuse_both(field: str, added: Collection[int], gone: Collection[int]) -> None:
    if set(added) & set(gone):
        raise Invalid.on(field, _("names what is to be added as well."))


def _on(field: str, look: Callable[[], T]) -> T:
    """The same, but what is refused is refused on a field of this form."""
    try:
        return look()
    except Invalid as refused:
        raise Invalid({field: next(iter(refused.errors.values()))}) from None
