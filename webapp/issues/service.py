from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from webapp.access import Do, Viewer, require
from webapp.accounts.rows import Person
from webapp.db import AnyRow, apart, transaction
from webapp.errors import Gone, Invalid, Moved, NotFound
from webapp.issues import finding, found, linking, repository, turns, writing
from webapp.issues.rows import IssueDetail, IssueRow, LabelRow, MilestoneRef, ParentRef
from webapp.issues.schemas import IssueIn, IssueQuery
from webapp.issues.written import Written, tell
from webapp.labels import service as labels
from webapp.milestones import service as milestones
from webapp.models.issues import Issue, State
from webapp.models.milestones import Milestone
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.references.service import Prepared
from webapp.statuses import service as statuses
from webapp.statuses.service import StatusRow
from webapp.text.cache import Made, html_of, is_outdated, kept

__all__ = ["IssueDetail", "IssueRow", "create", "get", "latest", "recent"]


def get(project: ProjectRow, number: int, by: Viewer | None) -> IssueDetail:
    """The issue with this number. Raises NotFound."""
    return rendered(read(project, number, by))


def rendered(issue: IssueDetail) -> IssueDetail:
    """An issue that was read or written just now, with its HTML, which is made and kept if it is not there yet."""
    if not is_outdated(issue):
        return issue
    made: Made = {}
    html = html_of(issue, made, references.links_of(issue.id))
    _keep(made)
    return replace(issue, body_html=html)


def read(project: ProjectRow, number: int, by: Viewer | None) -> IssueDetail:
    """The same without HTML, unless that is there already: for a change, which is no time to make it."""
    require(by, Do.SEE, project)
    issue = repository.numbered(project.id, number)
    if issue is None:
        raise _missing(project, number, by)
    return issue


def followed(project: ProjectRow, number: int, by: Viewer | None) -> tuple[ProjectRow, IssueDetail]:
    """The project and the issue, without HTML, that a number means, which it may have had before it moved.

    Raises NotFound.
    """
    try:
        return project, read(project, number, by)
    except Moved as moved:
        home = projects.get(moved.project, by)
        return home, read(home, moved.number, by)


def latest(project: ProjectRow, by: Viewer | None) -> Sequence[IssueRow]:
    """The ten issues of a project with the newest activity."""
    return finding.listing(project, IssueQuery(state="all", sort="updated-desc", limit=10), by)[0].items


def recent(by: Viewer | None) -> Sequence[IssueRow]:
    """The issues with the newest activity in all projects that `by` sees."""
    return found.latest_seen_by(by, 10)


def require_open(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the form for a new issue."""
    require(by, Do.OPEN_ISSUE, project)


def create(project: ProjectRow, draft: IssueIn, by: Viewer) -> IssueDetail:
    """Open an issue under the project's next number."""
    require(by, Do.OPEN_ISSUE, project)
    text = references.prepared(draft.body, project, by)
    issue = _create(project, draft, text, statuses.first(project), by)
    return issue if text.html is not None else rendered(issue)


@transaction
def _create(project: ProjectRow, draft: IssueIn, text: Prepared, first: StatusRow, by: Viewer) -> IssueDetail:
    require(by, Do.OPEN_ISSUE, project)
    _require_planning(project, draft, by)
    tied = labels.named(project, draft.labels)
    assignees = require_members(project, list(dict.fromkeys(draft.assignees)))
    status = statuses.named(project, draft.status) if draft.status else first
    if not status.is_open:
        raise Invalid.on("status", "must be an open one: close the issue once it is there.")
    milestone = milestones.chosen(project, draft.milestone) if draft.milestone else None
    parent = linking.parent(project, 0, draft.parent) if draft.parent else None
    turns.take_labels([label.id for label in tied])
    plain = draft.model_dump(include={"title", "body", "priority", "start_on", "due_on", "estimate"})
    refers = {"status_id": status.id, "milestone_id": milestone and milestone.id, "parent_id": parent and parent.id}
    issue = writing.add(project.id, by, uuid4(), {**plain, **refers, **kept(text.final_html)})
    labelled = repository.tie_labels(issue.issue_id, [label.id for label in tied])
    repository.assign(issue.issue_id, [person.id for person in assignees])
    tell(Written(project, issue.issue_id, issue.number, None, draft.body, by, text.said, is_new=True))
    new = New(project, status, milestone, parent, labelled, assignees)
    return _told(new, draft, issue, text, by)


@dataclass(frozen=True, slots=True)
class New:
    """What a new issue is tied to."""

    project: ProjectRow
    status: StatusRow
    milestone: Milestone | None
    parent: Issue | None
    labels: tuple[LabelRow, ...]
    assignees: Sequence[Person]


def _told(tied: New, draft: IssueIn, issue: AnyRow, text: Prepared, by: Viewer) -> IssueDetail:
    """A new issue as it would be read, from what is known of it."""
    milestone, parent, key = tied.milestone, tied.parent, tied.project.key
    return IssueDetail(
        id=issue.issue_id,
        number=issue.number,
        project_id=tied.project.id,
        project_key=key,
        title=draft.title,
        state=State.OPEN,
        close_reason=None,
        priority=draft.priority,
        status_id=tied.status.id,
        status=tied.status.name,
        status_category=tied.status.category,
        start_on=draft.start_on,
        due_on=draft.due_on,
        estimate=draft.estimate,
        created_at=issue.created_at,
        updated_at=issue.created_at,
        closed_at=None,
        comment_count=0,
        version=1,
        author=Person(by.id, by.name),
        labels=tied.labels,
        assignees=tuple(tied.assignees),
        milestone=MilestoneRef(milestone.id, milestone.title) if milestone else None,
        parent=ParentRef.of(key, parent) if parent else None,
        body=draft.body,
        body_html=text.html or "",
        html_version=None,
    )


def require_edit(project: ProjectRow, issue: IssueDetail, by: Viewer) -> None:
    """Go on only if `by` may see the form that changes the issue."""
    require(by, Do.EDIT_ISSUE, project, issue.author.id)


def require_close(project: ProjectRow, issue: IssueDetail, by: Viewer) -> None:
    """Go on only if `by` may see the form that closes the issue."""
    require(by, Do.CLOSE_ISSUE, project, issue.author.id)


def require_triage(project: ProjectRow, by: Viewer, *fields: Any) -> None:
    """Labels, people, priority and dates are for those who may edit any issue, not only their own."""
    if any(fields):
        told = "Only members of the project plan its issues: labels, people, priority, dates and the like."
        require(by, Do.EDIT_ISSUE, project, refusal=told)


def _require_planning(project: ProjectRow, draft: IssueIn, by: Viewer) -> None:
    plain = {"title", "body"}
    planned = draft.model_dump(exclude=plain, exclude_defaults=True)
    require_triage(project, by, planned)


def assignable(project: ProjectRow) -> Sequence[Person]:
    """The people whom an issue can be assigned to, by name."""
    return repository.people(project.id)


def require_members(project: ProjectRow, user_ids: Sequence[int]) -> Sequence[Person]:
    """These people, by name. Raises Invalid unless all are members of the project, and not deactivated."""
    people = repository.active_members(project.id, user_ids) if user_ids else []
    if {person.id for person in people} != set(user_ids):
        raise Invalid.on("assignees", "must be active members of the project.")
    return people


def _missing(project: ProjectRow, number: int, by: Viewer | None) -> NotFound:
    """Why there is no such issue: it is in the trash, in another project, or never was."""
    trashed = repository.trashed(project.id, number)
    if trashed is None:
        place = repository.moved(project.id, number)
        return Moved(projects.get(str(place[0]), by).key, place[1]) if place else NotFound()
    day = f"{trashed.deleted_at.day} {trashed.deleted_at:%b %Y}"
    return Gone(f"{trashed.deleted_by} deleted {project.key}-{number} on {day}.", project, number)


@apart
def _keep(made: Made) -> None:
    repository.store_html(made)
