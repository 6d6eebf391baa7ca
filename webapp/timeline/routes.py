from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.events.schemas import EventOut, EventQuery
from webapp.http import Done, Feature, Page, Reply
from webapp.http.negotiation import wants_page
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow
from webapp.thread import happened
from webapp.types import Slice

bp = Feature("timeline", "/projects/<project:project>/issues/<number:number>/events")


@bp.get("")
def index(project: ProjectRow, issue: IssueDetail, query: EventQuery, by: Viewer | None) -> Reply[Slice[EventOut]]:
    """What happened to an issue, oldest first. A browser is shown the issue's page, which tells it."""
    at: dict[str, Any] = {"project": issue.project_key, "number": issue.number}
    if wants_page():
        return Done(None, at=url_for("issues.show", **at))
    page = happened.listing(issue.id, query, by)
    page.next = page.after and url_for(".index", **at, limit=query.limit, cursor=page.after)
    return Page("", page)
