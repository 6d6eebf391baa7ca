from typing import Any

from flask import url_for

from webapp.comments import service as comments
from webapp.history import service as history
from webapp.history.schemas import HistoryQuery, VersionOut
from webapp.http import Feature, Page, Reply, viewer
from webapp.http.canonical import project_at
from webapp.issues import service as issues
from webapp.types import Slice

bp = Feature("history", "/projects/<project:project>/issues/<number:number>")


@bp.get("/history")
def of_issue(project: str, number: int, query: HistoryQuery) -> Reply[Slice[VersionOut]]:
    """What an issue's description was, the last change first."""
    found = project_at(project)
    issue = issues.get(found, number, viewer())
    page = history.listing(issue.id, None, issue.body, query)
    at: dict[str, Any] = {"project": found.key, "number": number}
    page.next = page.after and url_for(".of_issue", **at, limit=query.limit, cursor=page.after)
    return Page("history/list.html", page, page=page, project=found, issue=issue, comment=None)


@bp.get("/comments/<number:comment>/history")
def of_comment(project: str, number: int, comment: int, query: HistoryQuery) -> Reply[Slice[VersionOut]]:
    """What a comment was, the last change first."""
    found = project_at(project)
    issue = issues.get(found, number, viewer())
    row = comments.get(found, issue, comment)
    page = history.listing(issue.id, comment, row.body, query)
    at: dict[str, Any] = {"project": found.key, "number": number, "comment": comment}
    page.next = page.after and url_for(".of_comment", **at, limit=query.limit, cursor=page.after)
    return Page("history/list.html", page, page=page, project=found, issue=issue, comment=row)
