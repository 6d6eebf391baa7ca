"""Where a few letters may lead: an issue by its key or words, a project, a page; and where somebody is already."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.access import Viewer
from webapp.errors import NotFound, SignInNeeded
from webapp.issues import service as issues_of
from webapp.issues.rows import IssueDetail, IssueRow
from webapp.keys import repository
from webapp.keys.repository import ProjectPlace
from webapp.projects import service as projects_of
from webapp.projects.service import ProjectRow
from webapp.search import service as searching
from webapp.search.schemas import SearchQuery

# Of each kind.
PROJECTS, ISSUES = 6, 8
_PLACE = re.compile(r"/projects/([^/?#]+)(?:/issues/([1-9][0-9]{0,17})(?![^/?#]))?")


@dataclass(frozen=True, slots=True)
class Here:
    """Where somebody is: in a project, perhaps at one of its issues."""

    project: ProjectRow
    issue: IssueDetail | None = None


def here(at: str, by: Viewer | None) -> Here | None:
    """What the page with this path is about; None for one of no project, or of none that `by` sees."""
    match = _PLACE.search(at)
    if match is None:
        return None
    key, number = match.groups()
    try:
        project = projects_of.get(key, by)
        return Here(*issues_of.followed(project, int(number), by)) if number else Here(project)
    except (NotFound, SignInNeeded):
        return None


def issues(q: str, by: Viewer | None, here: Here | None, looked_at: Sequence[int]) -> Sequence[IssueRow]:
    """The issues that the letters may mean: the one with that key, or the best by their words, those of here first.

    Without letters those that `by` looked at lately, but for the one that is shown.
    """
    if not q:
        at = here.issue.id if here and here.issue else None
        return repository.looked_at([id for id in looked_at if id != at], by)[:ISSUES]
    project = here.project if here else None
    issue = searching.named(q, project, by)
    if issue is not None:
        return [issue]
    return searching.best(SearchQuery(q=q, limit=ISSUES, near=project.key if project else None), by)


def projects(q: str, by: Viewer | None) -> Sequence[ProjectPlace]:
    """The projects whose key or name has the letters; without any, those with the latest activity."""
    return repository.projects(q, by, PROJECTS)
