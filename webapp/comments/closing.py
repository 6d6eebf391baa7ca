"""Issues that a comment says it fixes are closed by it, if its author may do that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from webapp.access import Do, Viewer, can
from webapp.editing import one as editing
from webapp.errors import CairnError, Conflict, Invalid, NotFound
from webapp.issues import linking, locks
from webapp.issues import service as issues
from webapp.issues.linking import name_for
from webapp.issues.rows import IssueDetail
from webapp.models.issues import State
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references.service import issues_named


@dataclass(frozen=True, slots=True)
class Closed:
    """The issues of a project that a comment closed, in one change of them."""

    project_key: str
    keys: list[str] = field(default_factory=list)
    change_id: UUID = field(default_factory=uuid4)


# Issues, each with its project.
Named = Sequence[tuple[ProjectRow, IssueDetail]]


def hold_named(project: ProjectRow, issue: IssueDetail, names: Sequence[str], by: Viewer) -> Named:
    """Hold an issue together with those of which a new comment on it says by these words that it fixes them.

    In the order of all, before anything is written: the issues, and then their projects where these are several.
    """
    named = [one for one in _named(project, names, by) if one[1].id != issue.id]
    if named:
        linking.hold_each([issue.id, *(target.id for _, target in named)])
    if homes := {home.id for home, _ in named} - {project.id}:
        locks.take_projects(project.id, *homes)
    return named


def close_named(project: ProjectRow, issue: IssueDetail, named: Named, by: Viewer) -> list[Closed]:
    """Close these held issues, as a comment on another one says; returns what was closed, by its project.

    What its author may not close, or what is not finished yet, is only mentioned; so is the comment's own issue.
    """
    closed: dict[str, Closed] = {}
    for home, target in named:
        change = closed.get(home.key, Closed(home.key))
        if can(by, Do.CLOSE_ISSUE, home, target.author.id) and _close(home, target, project, issue, by, change):
            change.keys.append(target.key)
            closed[home.key] = change
    return list(closed.values())


def _named(project: ProjectRow, names: Sequence[str], by: Viewer) -> Named:
    """The issues that some words name, with their projects, as far as `by` sees them."""
    named = []
    for key, number in issues_named(names, project):
        try:
            home = project if key == project.key else projects.get(key, by)
            named.append(issues.followed(home, number, by))
        except CairnError:
            continue
    return named


def _close(
    home: ProjectRow, target: IssueDetail, project: ProjectRow, issue: IssueDetail, by: Viewer, change: Closed
) -> bool:
    """Close a held issue as a part of a change; whether it was open, and nothing speaks against it."""
    cause = name_for(home, project, issue.key)
    try:
        if not issues.read(home, target.number, by).is_open:
            return False
        editing.change(home, target.number, {"state": State.CLOSED}, by, cause=cause, change_id=change.change_id)
    except (Conflict, Invalid, NotFound):
        return False  # it has open parts or is blocked: that is for its own page to decide
    return True
