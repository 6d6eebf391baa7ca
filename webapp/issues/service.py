from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from webapp.access import Do, Viewer, require
from webapp.accounts.rows import Person
from webapp.approval import service as approval
from webapp.db import apart
from webapp.errors import Gone, Invalid, Moved, NotFound
from webapp.i18n import _, formats
from webapp.issues import repository
from webapp.issues.rows import IssueDetail, IssueRow, Stake
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.text.cache import Made, html_of, is_outdated

__all__ = ["IssueDetail", "IssueRow", "get"]


def get(project: ProjectRow, number: int, by: Viewer | None) -> IssueDetail:
    """The issue with this number. Raises NotFound."""
    return _marked(rendered(read(project, number, by)))


def staked(project: ProjectRow, number: int, by: Viewer) -> tuple[IssueDetail, Stake]:
    """The same, and how `by` stands to it, by one statement."""
    require(by, Do.SEE, project)
    found = repository.numbered_for(project.id, number, by.id)
    if found is None:
        raise _missing(project, number, by)
    issue, stake = found
    return _marked(rendered(issue)), stake


def rendered(issue: IssueDetail) -> IssueDetail:
    """An issue that was read or written just now, with its HTML, which is made and kept if it is not there yet."""
    if not is_outdated(issue):
        return issue
    made: Made = {}
    html = html_of(issue, made, references.links_of(issue.id))
    _keep(made)
    return replace(issue, body_html=html)


def _marked(issue: IssueDetail) -> IssueDetail:
    """The same, marked if it is held. Nothing is asked of one that is not private."""
    return replace(issue, held=True) if issue.private and approval.issues_among([issue.id]) else issue


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


def require_open(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may see the form for a new issue."""
    require(by, Do.OPEN_ISSUE, project)


def require_edit(project: ProjectRow, issue: IssueDetail, by: Viewer) -> None:
    """Go on only if `by` may see the form that changes the issue."""
    require(by, Do.EDIT_ISSUE, project, issue.author.id)


def require_close(project: ProjectRow, issue: IssueDetail, by: Viewer) -> None:
    """Go on only if `by` may see the form that closes the issue."""
    require(by, Do.CLOSE_ISSUE, project, issue.author.id)


def require_triage(project: ProjectRow, by: Viewer, *fields: Any) -> None:
    """Labels, people, priority and dates are for those who may edit any issue, not only their own."""
    if any(fields):
        told = _("Only members of the project plan its issues: labels, people, priority, dates and the like.")
        require(by, Do.EDIT_ISSUE, project, refusal=told)


def assignable(project: ProjectRow) -> Sequence[Person]:
    """The people whom an issue can be assigned to, by name."""
    return repository.people(project.id)


def require_members(project: ProjectRow, user_ids: Sequence[int]) -> Sequence[Person]:
    """These people, by name. Raises Invalid unless all are members of the project, and not deactivated."""
    people = repository.active_members(project.id, user_ids) if user_ids else []
    if {person.id for person in people} != set(user_ids):
        raise Invalid.on("assignees", _("must be active members of the project."))
    return people


def _missing(project: ProjectRow, number: int, by: Viewer | None) -> NotFound:
    """Why there is no such issue: it is in the trash, in another project, or never was."""
    trashed = repository.trashed(project.id, number)
    if trashed is None:
        moved = repository.moved(project.id, number)
        return Moved(projects.get(str(moved[0]), by).key, moved[1]) if moved else NotFound()
    key, day = f"{project.key}-{number}", formats.day(trashed.deleted_at)
    told = _("%(who)s deleted %(key)s on %(day)s.", who=trashed.deleted_by, key=key, day=day)
    return Gone(told, project, number)


@apart
def _keep(made: Made) -> None:
    repository.store_html(made)
