"""An issue goes to another project. What it carries is found there by name, or stays behind."""

from collections.abc import Sequence

from webapp.access import Do, Viewer, can, require
from webapp.db import transaction
from webapp.errors import Invalid, NotFound
from webapp.events import service as events
from webapp.events.kinds import Moved, Reparented
from webapp.issues import linking, repository, turns
from webapp.issues.holding import locked
from webapp.issues.models import Issue, Reason
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import MoveIn
from webapp.issues.service import get
from webapp.labels import service as labels
from webapp.milestones import service as milestones
from webapp.projects import service as projects
from webapp.projects.schemas import ProjectQuery
from webapp.projects.service import ProjectRow
from webapp.statuses import service as statuses


def require_move(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the form that moves issues."""
    require(by, Do.EDIT_ISSUE, project)


def targets(project: ProjectRow, by: Viewer) -> Sequence[ProjectRow]:
    """Projects that an issue of this one can go to, by name: the first hundred that `by` sees."""
    seen = projects.listing(ProjectQuery(limit=100), by).items
    return [one for one in seen if one.id != project.id and can(by, Do.EDIT_ISSUE, one)]


def move(project: ProjectRow, number: int, where: MoveIn, by: Viewer) -> IssueDetail:
    """Give the issue the next number of another project. Its old number goes on leading to it."""
    return get(*_move(project, number, where, by), by)


@transaction
def _move(project: ProjectRow, number: int, where: MoveIn, by: Viewer) -> tuple[ProjectRow, int]:
    require(by, Do.EDIT_ISSUE, project)
    target = target_of(project, where.project, by)
    before, row = locked(project, number, by), repository.locked(project.id, number)
    if row is None:
        raise NotFound()
    repository.remember_place(row)
    _release_children(row, before, by)
    kept, carried = _carry(row, before, target), [label.id for label in before.labels]
    turns.take_labels([*carried, *kept])
    turns.take_projects(project.id, target.id)
    repository.untie_labels(row.id, carried)
    row.project_id, row.number, row.parent_id = target.id, turns.next_number(target.id), None
    row.rank = None
    row.body_html = row.html_version = None  # what it refers to by number is the project's
    row.version += 1
    row.updated_at = repository.database_now()
    repository.flush()
    repository.tie_labels(row.id, kept)
    _count(project, target, before)
    events.rehome([row.id], target.id)
    former = linking.told(target, project, before.key)
    events.record(row.id, target.id, by, Moved(former, f"{target.key}-{row.number}"))
    return target, row.number


def _release_children(row: Issue, before: IssueDetail, by: Viewer) -> None:
    left = Reparented(before.key, None, before.number, None)
    events.record_in_all(repository.release_children(row.id), row.project_id, by, left)


def target_of(project: ProjectRow, ref: str, by: Viewer) -> ProjectRow:
    """The other project with this key or id. Raises Invalid for none, Forbidden where `by` may not change issues."""
    try:
        target = projects.get(ref, by)
    except NotFound:
        raise Invalid.on("project", "is none that you can see.") from None
    if target.id == project.id:
        raise Invalid.on("project", "is where the issue is already.")
    require(by, Do.EDIT_ISSUE, target)
    return target


def _carry(row: Issue, before: IssueDetail, target: ProjectRow) -> list[int]:
    """Find in the other project what the issue has in this one; returns the ids of its labels there."""
    row.status_id = _status(before, target)
    title = before.milestone.title.casefold() if before.milestone else None
    row.milestone_id = next((one.id for one in milestones.choices(target) if one.title.casefold() == title), None)
    people = [person.id for person in before.assignees]
    members = repository.members(target.id, people) if people else set()
    repository.set_assignees(row.id, [id for id in people if id in members])
    names = [label.name for label in before.labels]
    return [id for id in labels.sought(target, names) if id] if names else []


def _status(before: IssueDetail, target: ProjectRow) -> int:
    """The status of the same name, if it means the same; else what a new or a closed issue has there."""
    for status in statuses.of(target):
        if status.name.casefold() == before.status.casefold() and status.is_open == before.is_open:
            return status.id
    if before.is_open:
        return statuses.first(target).id
    return statuses.closed(target, completed=before.close_reason in (None, Reason.COMPLETED)).id


def _count(project: ProjectRow, target: ProjectRow, issue: IssueDetail) -> None:
    """One issue less here and one more there, where taking the number has counted it as open."""
    opened = int(issue.is_open)
    turns.touch_project(project.id, opened=-opened, closed=opened - 1)
    if not issue.is_open:
        turns.touch_project(target.id, opened=-1, closed=1)
