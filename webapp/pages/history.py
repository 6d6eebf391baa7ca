from typing import Any

from flask import url_for

from webapp.access import Viewer
from webapp.comments import service as comments
from webapp.comments.service import CommentRow
from webapp.forgetting import service as forgetting
from webapp.history import service as history
from webapp.history.schemas import HistoryQuery, VersionOut
from webapp.http import Done, Feature, Page, Reply
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow
from webapp.types import Slice

bp = Feature("history", "/projects/<project:project>/issues/<number:number>")


ISSUES = "/history"
COMMENTS = "/comments/<number:comment>/history"


@bp.get(ISSUES)
def of_issue(project: ProjectRow, issue: IssueDetail, query: HistoryQuery) -> Reply[Slice[VersionOut]]:
    """What an issue's description was, the last change first."""
    return _listing(query, project, issue, None)


@bp.get(COMMENTS)
def of_comment(
    project: ProjectRow, issue: IssueDetail, comment: int, query: HistoryQuery
) -> Reply[Slice[VersionOut]]:
    """What a comment was, the last change first."""
    return _listing(query, project, issue, comments.get(project, issue, comment))


@bp.page(f"{ISSUES}/<number:version>/delete")
def confirm_of_issue(project: ProjectRow, issue: IssueDetail, version: int, by: Viewer) -> Page:
    """Asks before a former description is forgotten."""
    return _confirmation(version, project, issue, None, by)


@bp.page(f"{COMMENTS}/<number:version>/delete")
def confirm_of_comment(project: ProjectRow, issue: IssueDetail, comment: int, version: int, by: Viewer) -> Page:
    """Asks before a former text of a comment is forgotten."""
    return _confirmation(version, project, issue, comments.get(project, issue, comment), by)


@bp.delete(f"{ISSUES}/<number:version>")
def forget_of_issue(project: ProjectRow, issue: IssueDetail, version: int, by: Viewer) -> Reply[None]:
    """Forget what an issue's description was at a version, for good. An event tells that it was forgotten."""
    return _forgotten(version, project, issue, None, by)


@bp.delete(f"{COMMENTS}/<number:version>")
def forget_of_comment(project: ProjectRow, issue: IssueDetail, comment: int, version: int, by: Viewer) -> Reply[None]:
    """Forget what a comment was at a version, for good. An event tells that it was forgotten."""
    return _forgotten(version, project, issue, comments.get(project, issue, comment), by)


def _listing(query: HistoryQuery, project: ProjectRow, issue: IssueDetail, comment: CommentRow | None) -> Page:
    page = history.listing(issue.id, comment.id if comment else None, (comment or issue).body, query)
    page.next = page.after and _address(project, issue, comment, limit=query.limit, cursor=page.after)
    return Page("history/list.html", page, page=page, project=project, issue=issue, comment=comment)


def _confirmation(
    version: int, project: ProjectRow, issue: IssueDetail, comment: CommentRow | None, by: Viewer
) -> Page:
    row = forgetting.require_forgetting(project, issue, comment, version, by)
    return Page("history/forget.html", project=project, issue=issue, comment=comment, former=row)


def _forgotten(version: int, project: ProjectRow, issue: IssueDetail, comment: CommentRow | None, by: Viewer) -> Done:
    forgetting.forget(project, issue, comment, version, by=by)
    return Done(None, at=_address(project, issue, comment), say=_("That text is forgotten."))


def _address(project: ProjectRow, issue: IssueDetail, comment: CommentRow | None, **query: Any) -> str:
    at: dict[str, Any] = {"project": project.key, "number": issue.number, **query}
    return url_for(".of_comment", comment=comment.id, **at) if comment else url_for(".of_issue", **at)
