from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Page, Reply
from webapp.issues.schemas import IssueList
from webapp.paging import whole
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.search import service as searching
from webapp.search.schemas import SearchOut, SearchQuery, SimilarQuery

bp = Feature("search")
# What goes without saying.
_PLAIN = {"state": "all", "order": "relevance"}


@bp.get("/search", spends="search")
def index(query: SearchQuery, by: Viewer | None) -> Reply[SearchOut]:
    """Issues by their words, the best first. `#12` and `KEY-12` alone lead straight to the issue."""
    project = projects.get(query.project, by) if query.project else None
    issue = searching.named(query.q, project, by)
    if issue is not None:
        at = url_for("issues.show", project=issue.project_key, number=issue.number)
        return Done(searching.only(issue), at=at)
    found = searching.search(query, project, by)
    found.next, found.previous = (_page(query, cursor) for cursor in (found.after, found.before))
    return Page(
        "search/index.html",
        found,
        found=found,
        query=query,
        narrowed=project,
        states=lambda: [(state, _address(query, state=state)) for state in ("all", "open", "closed")],
        orders=lambda: [(order, _address(query, order=order)) for order in ("relevance", "newest")],
        everywhere=lambda: _address(query, project=None, near=project and project.key),
    )


@bp.get("/projects/<project:project>/issues/similar", spends="search")
def similar(project: ProjectRow, query: SimilarQuery, by: Viewer | None) -> Reply[IssueList]:
    """The five issues that are nearest to a title, open ones first."""
    issues = searching.similar(project, query.title, by)
    return Page("search/similar.html", whole(issues), project=project, similar=issues)


def _page(query: SearchQuery, cursor: str | None) -> str | None:
    """The address of further results."""
    return _address(query, limit=query.limit, cursor=cursor) if cursor else None


def _address(query: SearchQuery, **other: Any) -> str:
    """Where the same is looked for, but for what is other; what goes without saying is left out."""
    asked = {"q": query.q, "project": query.project, "near": query.near, "state": query.state, "order": query.order}
    values = {name: value for name, value in {**asked, **other}.items() if value != _PLAIN.get(name)}
    return url_for(".index", **values)
