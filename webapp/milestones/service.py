from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.changes import engine
from webapp.changes.want import Ref, Want, Where
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound, Overtaken
from webapp.i18n import Whole, _
from webapp.issues.rows import MilestoneRef
from webapp.milestones import repository
from webapp.milestones.rows import MilestoneRow
from webapp.milestones.schemas import MilestoneEdit, MilestoneIn
from webapp.models.issues import State
from webapp.models.milestones import Milestone
from webapp.projects.service import ProjectRow

__all__ = [
    "Edited",
    "MilestoneRow",
    "choices",
    "chosen",
    "create",
    "edit",
    "get",
    "listing",
    "remove",
    "require_manage",
]


def listing(project: ProjectRow, state: str = "all") -> Sequence[MilestoneRow]:
    """The milestones of a project, open ones and the next one due first."""
    return repository.of_project(project.id, None if state == "all" else state)


def choices(project: ProjectRow) -> Sequence[MilestoneRef]:
    """The milestones that an issue can be given."""
    return repository.choices(project.id)


def get(project: ProjectRow, milestone_id: int) -> MilestoneRow:
    """One milestone with its counts. Raises NotFound."""
    row = repository.numbered(project.id, milestone_id)
    if row is None:
        raise NotFound()
    return row


def chosen(project: ProjectRow, milestone_id: int) -> Milestone:
    """The milestone that an issue is to get. Raises Invalid for one that is not the project's."""
    milestone = repository.one(project.id, milestone_id)
    if milestone is None:
        raise Invalid.on("milestone", _("is not one of this project's."))
    return milestone


def require_manage(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the forms that change milestones."""
    require(by, Do.MANAGE_MILESTONES, project)


@transaction
def create(project: ProjectRow, draft: MilestoneIn, by: Viewer) -> MilestoneRow:
    """Add a milestone. Raises Conflict for a title that is taken, in any case."""
    require(by, Do.MANAGE_MILESTONES, project)
    _refuse_taken(project, draft.title)
    milestone = Milestone(project_id=project.id, **draft.model_dump())
    repository.add(milestone)
    return get(project, milestone.id)


@dataclass(frozen=True, slots=True)
class Edited:
    """A milestone after a change, with the id of what its issues' change is undone by, where they went on."""

    milestone: MilestoneRow
    change_id: UUID | None = None


@transaction
def edit(project: ProjectRow, milestone_id: int, changes: MilestoneEdit, by: Viewer) -> Edited:
    """Change what was sent; closing moves the open issues on, where `move_to` says whither.

    Raises Conflict if somebody else changed it since `changes.version`.
    """
    require(by, Do.MANAGE_MILESTONES, project)
    going = () if changes.move_to is None else (changes.move_to,)
    if going:
        engine.hold(project, _left(milestone_id))
    held = repository.locked(project.id, {milestone_id, *going})
    milestone = _there(held, milestone_id)
    if changes.version is not None and changes.version != milestone.version:
        raise Overtaken(_("Somebody else changed this milestone meanwhile. Compare, and save again."))
    _put(project, milestone, changes.model_dump(exclude_unset=True, exclude={"version", "move_to"}))
    change_id = _move_on(project, milestone, held.get(going[0]), by) if going else None
    return Edited(get(project, milestone_id), change_id)


@transaction
def remove(project: ProjectRow, milestone_id: int, by: Viewer, *, version: int | None = None) -> None:
    """Delete a milestone. Its issues stay, without one. Raises Conflict if it is at another version."""
    require(by, Do.MANAGE_MILESTONES, project)
    having = Where(milestone_id=milestone_id, with_trash=True)
    engine.hold(project, having)
    milestone = _there(repository.locked(project.id, [milestone_id], ending=True), milestone_id)
    if version not in (None, milestone.version):
        raise Overtaken(_("This milestone was changed meanwhile. Look at it again before you delete it."))
    engine.apply(project, having, Want(milestone=Ref()), by)
    repository.remove(milestone)


def _put(project: ProjectRow, milestone: Milestone, sent: dict[str, Any]) -> None:
    """Write what was sent into a milestone."""
    if "title" in sent and sent["title"].lower() != milestone.title.lower():
        _refuse_taken(project, sent["title"])
    for name, value in sent.items():
        setattr(milestone, name, value)
    if "state" in sent:
        closed = milestone.state == State.CLOSED
        milestone.closed_at = (milestone.closed_at or clock.now()) if closed else None
    if sent:
        milestone.version += 1
    repository.flush()


def _move_on(project: ProjectRow, milestone: Milestone, target: Milestone | None, by: Viewer) -> UUID | None:
    """Let the open issues of a closed milestone go on to another held one; returns what undoes that."""
    if milestone.state != State.CLOSED:
        raise Invalid.on("move_to", _("is only for closing; send state: closed with it."))
    if target is None or target.id == milestone.id or target.state != State.OPEN:
        raise Invalid.on("move_to", _("must be another open milestone of this project."))
    return engine.apply(project, _left(milestone.id), Want(milestone=Ref(target.id, target.title)), by).id


def _left(milestone_id: int) -> Where:
    """What is still to be done of a milestone."""
    return Where(milestone_id=milestone_id, is_open=True, with_trash=True)


def _there(held: Mapping[int, Milestone], milestone_id: int) -> Milestone:
    if milestone_id not in held:
        raise NotFound()
    return held[milestone_id]


def _refuse_taken(project: ProjectRow, title: str) -> None:
    if repository.titled(project.id, title) is not None:
        raise Conflict.on("title", Whole(_("%(title)s is already a milestone of this project.", title=title)))
