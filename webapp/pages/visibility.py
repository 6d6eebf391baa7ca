from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.http import Feature, Page, Reply
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow
from webapp.visibility import service as visibility
from webapp.visibility.rows import Seen
from webapp.visibility.schemas import IssueSeenQuery, ProjectSeenQuery, SeenOut, SeenQuery

bp = Feature("visibility", "/projects/<project:project>")


@bp.get("/visibility")
def of_project(project: ProjectRow, query: ProjectSeenQuery, by: Viewer | None) -> Reply[SeenOut]:
    """Who sees a project, and why; with `to`, what would become visible by that."""
    seen = _linked(visibility.of_project(project, query, by), query, "of_project", project=project.key)
    return Page("visibility/project.html", seen, project=project, page=seen)


@bp.get("/issues/<number:number>/visibility")
def of_issue(project: ProjectRow, issue: IssueDetail, query: IssueSeenQuery, by: Viewer | None) -> Reply[SeenOut]:
    """Who sees an issue and its private comments, and why; and what would become visible by a change."""
    seen = visibility.of_issue(project, issue, query, by)
    _linked(seen, query, "of_issue", project=project.key, number=issue.number)
    return Page("visibility/issue.html", seen, project=project, issue=issue, page=seen)


def _linked(seen: Seen, query: SeenQuery, view: str, **at: Any) -> Seen:
    asked = query.model_dump(mode="json", exclude={"cursor"}, exclude_none=True, exclude_defaults=True)
    seen.next = seen.after and url_for(f"visibility.{view}", **at, **asked, cursor=seen.after)
    seen.previous = seen.before and url_for(f"visibility.{view}", **at, **asked, cursor=seen.before)
    return seen
