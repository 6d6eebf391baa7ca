from typing import Any

from flask import url_for

from webapp.http import Done, Feature, Page, Reply, viewer
from webapp.http.canonical import project_at
from webapp.http.negotiation import wants_page
from webapp.issues import service as issues
from webapp.thread import happened
from webapp.timeline.schemas import EventOut, EventQuery
from webapp.types import Slice

bp = Feature("timeline", "/projects/<project:project>/issues/<number:number>/events")


@bp.get("")
def index(project: str, number: int, query: EventQuery) -> Reply[Slice[EventOut]]:
    """What happened to an issue, oldest first. A browser is shown the issue's page, which tells it."""
    issue = issues.get(project_at(project), number, viewer())
    at: dict[str, Any] = {"project": issue.project_key, "number": number}
    if wants_page():
        return Done(None, at=url_for("issues.show", **at))
    page = happened.listing(issue.id, query, viewer())
    page.next = page.after and url_for(".index", **at, limit=query.limit, cursor=page.after)
    return Page("", page)
