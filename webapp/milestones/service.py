from collections.abc import Sequence

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import Conflict, Invalid, NotFound, Overtaken
from webapp.events import service as events
from webapp.events.kinds import Milestoned
from webapp.issues.models import State
from webapp.issues.rows import MilestoneRef
from webapp.milestones import repository
from webapp.milestones.models import Milestone
from webapp.milestones.repository import MilestoneRow
from webapp.milestones.schemas import MilestoneEdit, MilestoneIn
from webapp.projects.service import ProjectRow

__all__ = ["MilestoneRow", "choices", "chosen", "create", "edit", "get", "listing", "remove", "require_manage"]


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
        raise Invalid.on("milestone", "is not one of this project's.")
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


@transaction
def edit(project: ProjectRow, milestone_id: int, changes: MilestoneEdit, by: Viewer) -> MilestoneRow:
    """Change what was sent; closing moves the open issues on, where `move_to` says whither.

    Raises Conflict if somebody else changed it since `changes.version`.
    """
    require(by, Do.MANAGE_MILESTONES, project)
    milestone = _locked(project, milestone_id)
    if changes.version is not None and changes.version != milestone.version:
        raise Overtaken("Somebody else changed this milestone meanwhile. Compare, and save again.")
    sent = changes.model_dump(exclude_unset=True, exclude={"version"})
    move_to = sent.pop("move_to", None)
    if "title" in sent and sent["title"].lower() != milestone.title.lower():
        _refuse_taken(project, sent["title"])
    for name, value in sent.items():
        setattr(milestone, name, value)
    if "state" in sent:
        closed = milestone.state == State.CLOSED
        milestone.closed_at = (milestone.closed_at or clock.now()) if closed else None
    _move_on(project, milestone, move_to, by)
    if sent:
        milestone.version += 1
    repository.flush()
    return get(project, milestone_id)


@transaction
def remove(project: ProjectRow, milestone_id: int, by: Viewer, *, version: int | None = None) -> None:
    """Delete a milestone. Its issues stay, without one. Raises Conflict if it is at another version."""
    require(by, Do.MANAGE_MILESTONES, project)
    milestone = _locked(project, milestone_id)
    if version not in (None, milestone.version):
        raise Overtaken("This milestone was changed meanwhile. Look at it again before you delete it.")
    _move_issues(project, milestone, None, by, only_open=False)
    repository.remove(milestone)


def _move_on(project: ProjectRow, milestone: Milestone, to: int | None, by: Viewer) -> None:
    if to is None:
        return
    if milestone.state != State.CLOSED:
        raise Invalid.on("move_to", "is only for closing; send state: closed with it.")
    target = repository.locked(project.id, to)
    if target is None or target.id == milestone.id or target.state != State.OPEN:
        raise Invalid.on("move_to", "must be another open milestone of this project.")
    _move_issues(project, milestone, target, by, only_open=True)


def _move_issues(project: ProjectRow, old: Milestone, new: Milestone | None, by: Viewer, *, only_open: bool) -> None:
    told = Milestoned(old.title, new.title if new else None, old.id, new.id if new else None)
    events.record_in_all(repository.move_issues(old, new, only_open=only_open), project.id, by, told)


def _locked(project: ProjectRow, milestone_id: int) -> Milestone:
    milestone = repository.locked(project.id, milestone_id)
    if milestone is None:
        raise NotFound()
    return milestone


def _refuse_taken(project: ProjectRow, title: str) -> None:
    if repository.titled(project.id, title) is not None:
        raise Conflict.on("title", f"{title} is already a milestone of this project.")
