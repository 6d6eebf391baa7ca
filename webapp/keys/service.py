"""Where a few letters may lead: an issue by its key or words, a project, a page."""

from collections.abc import Sequence

from webapp.access import Viewer
from webapp.issues.rows import IssueRow
from webapp.keys import repository
from webapp.keys.repository import ProjectPlace
from webapp.search import service as searching
from webapp.search.schemas import SearchQuery

# Of each kind.
PROJECTS, ISSUES = 6, 8


def issues(q: str, near: str | None, by: Viewer | None) -> Sequence[IssueRow]:
    """The issues that the letters may mean: the one with that key, or the best by their words; of those the ones of
    the project that is `near` come first.
    """
    if not q:
        return []
    issue = searching.named(q, None, by)
    if issue is not None:
        return [issue]
    return searching.best(SearchQuery(q=q, near=near, limit=ISSUES), by)


def projects(q: str, by: Viewer | None) -> Sequence[ProjectPlace]:
    """The projects whose key or name has the letters; without any, those with the latest activity."""
    return repository.projects(q, by, PROJECTS)
