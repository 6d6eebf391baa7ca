"""A new issue, with all that it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid4

from webapp.access import Do, Viewer, require
from webapp.accounts.rows import Person
from webapp.approval import service as approval
from webapp.db import AnyRow, transaction
from webapp.errors import Invalid
from webapp.i18n import _
from webapp.issues import linking, locks, repository, writing
from webapp.issues.fields import PLAIN, Right, sent_by
from webapp.issues.rows import IssueDetail, LabelRow, MilestoneRef, ParentRef
from webapp.issues.schemas import IssueIn
from webapp.issues.service import rendered, require_members, require_triage
from webapp.labels import service as labels
from webapp.milestones import service as milestones
from webapp.models.issues import Issue, State
from webapp.models.milestones import Milestone
from webapp.projects.service import ProjectRow
from webapp.projects.standing import written_by
from webapp.references import service as references
from webapp.references.service import Prepared
from webapp.references.written import Written, is_heard, tell
from webapp.statuses import service as statuses
from webapp.statuses.service import StatusRow
from webapp.text.cache import kept


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
    status = _begins_at(project, draft, first)
    milestone = milestones.chosen(project, draft.milestone) if draft.milestone else None
    parent = linking.parent(project, 0, draft.parent) if draft.parent else None
    locks.take_labels([label.id for label in tied])
    wish = draft.private
    held = approval.is_held(project, by)
    draft = draft.model_copy(update={"private": True}) if held else draft
    plain = draft.model_dump(include={"body", *PLAIN})
    refers = {"status_id": status.id, "milestone_id": milestone and milestone.id, "parent_id": parent and parent.id}
    add = partial(writing.add, project.id, by, uuid4(), {**plain, **refers, **kept(text.final_html)})
    more = tied, assignees, held, is_heard(draft.body, text.names)
    issue = written_by(by, project, add, more)
    labelled = repository.tie_labels(issue.issue_id, [label.id for label in tied])
    repository.assign(issue.issue_id, [person.id for person in assignees])
    if held:
        approval.hold(project, issue.issue_id, None, private=wish)
    tell(Written(project, issue.issue_id, issue.number, None, draft.body, by, text.names, is_new=True))
    new = New(project, status, milestone, parent, labelled, assignees, held)
    return _detail(new, draft, issue, text, by)


def _begins_at(project: ProjectRow, draft: IssueIn, first: StatusRow) -> StatusRow:
    """The status that a new issue has. Raises Invalid."""
    status = statuses.named(project, draft.status) if draft.status else first
    if not status.is_open:
        raise Invalid.on("status", _("must be an open one: close the issue once it is there."))
    return status


@dataclass(frozen=True, slots=True)
class New:
    """What a new issue is tied to."""

    project: ProjectRow
    status: StatusRow
    milestone: Milestone | None
    parent: Issue | None
    labels: tuple[LabelRow, ...]
    assignees: Sequence[Person]
    held: bool


def _detail(tied: New, draft: IssueIn, issue: AnyRow, text: Prepared, by: Viewer) -> IssueDetail:
    """A new issue as it would be read, from what is known of it."""
    milestone, parent, key = tied.milestone, tied.parent, tied.project.key
    plain: dict[str, Any] = {name: getattr(draft, name, None) for name in PLAIN}
    return IssueDetail(
        held=tied.held,
        id=issue.issue_id,
        number=issue.number,
        project_id=tied.project.id,
        project_key=key,
        state=State.OPEN,
        close_reason=None,
        status_id=tied.status.id,
        status=tied.status.name,
        status_category=tied.status.category,
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
        reactions=(),
        body=draft.body,
        body_html=text.html or "",
        html_version=None,
        **plain,
    )


def _require_planning(project: ProjectRow, draft: IssueIn, by: Viewer) -> None:
    require_triage(project, by, draft.model_dump(exclude=set(sent_by(Right.OWN)), exclude_defaults=True))
