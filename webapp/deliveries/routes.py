from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.deliveries import service as deliveries
from webapp.deliveries.schemas import DeliveriesOut, DeliveriesQuery
from webapp.http import Feature, Page, Reply
from webapp.inbox.saying import REASONS
from webapp.issues.rows import IssueDetail
from webapp.mail import service as mail
from webapp.projects.service import ProjectRow

bp = Feature("deliveries", "/projects/<project:project>/issues/<number:number>/deliveries")


@bp.get("")
def index(project: ProjectRow, issue: IssueDetail, query: DeliveriesQuery, by: Viewer) -> Reply[DeliveriesOut]:
    """Who was told what of an issue, when and by which way: the caller, for administrators everybody."""
    found = deliveries.account(issue, query.user, query.cursor, query.limit, by)
    asked: dict[str, Any] = {"project": project.key, "number": issue.number, "user": query.user, "limit": query.limit}
    found.next = found.after and url_for(".index", **asked, cursor=found.after)
    found.previous = found.before and url_for(".index", **asked, cursor=found.before)
    return Page(
        "deliveries/index.html",
        found,
        project=project,
        issue=issue,
        page=found,
        query=query,
        reasons=REASONS,
        by_mail=mail.is_configured(),
    )
