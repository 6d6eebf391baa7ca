from flask import url_for

from webapp.access import Viewer
from webapp.comments import removal as comments
from webapp.comments.schemas import CommentOut
from webapp.editing import trash as restoring
from webapp.http import Done, Feature, Page, Reply
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueOut
from webapp.projects.service import ProjectRow
from webapp.trash import service as trash
from webapp.trash.schemas import TrashedOut, TrashQuery
from webapp.types import Slice

bp = Feature("trash", "/projects/<project:project>")


@bp.get("/trash")
def index(project: ProjectRow, query: TrashQuery, by: Viewer) -> Reply[Slice[TrashedOut]]:
    """What was deleted in a project in the last 30 days: issues, and comments on the issues that are there."""
    page = trash.listing(project, query, by)
    page.next = page.after and url_for(".index", project=project.key, limit=query.limit, cursor=page.after)
    return Page("trash/list.html", page, page=page, project=project)


@bp.page("/trash/<number:number>/delete")
def confirm_issue(project: ProjectRow, number: int, by: Viewer) -> Page:
    """Asks before a deleted issue is deleted for good."""
    return Page("trash/delete.html", project=project, one=trash.get(project, number, None, by))


@bp.delete("/trash/<number:number>")
def remove_issue(project: ProjectRow, number: int, by: Viewer) -> Reply[None]:
    """Delete a deleted issue for good, with its comments, its history and its files."""
    trash.remove_issue(project, number, by)
    at = url_for(".index", project=project.key)
    return Done(None, at=at, say=_("%(key)s is deleted for good.", key=f"{project.key}-{number}"))


@bp.page("/trash/<number:number>/comments/<number:comment>/delete")
def confirm_comment(project: ProjectRow, number: int, comment: int, by: Viewer) -> Page:
    """Asks before a deleted comment is deleted for good."""
    return Page("trash/delete.html", project=project, one=trash.get(project, number, comment, by))


@bp.delete("/trash/<number:number>/comments/<number:comment>")
def remove_comment(project: ProjectRow, number: int, comment: int, by: Viewer) -> Reply[None]:
    """Delete a deleted comment for good, with its former texts and its files. A line goes on marking its place."""
    trash.remove_comment(project, number, comment, by)
    return Done(None, at=url_for(".index", project=project.key), say=_("The comment is deleted for good."))


@bp.post("/issues/<number:number>/restoration")
def restore_issue(project: ProjectRow, number: int, by: Viewer) -> Reply[IssueOut]:
    """Restore a deleted issue, with its comments and labels."""
    issue = restoring.restore(project, number, by=by)
    at = url_for("issues.show", project=project.key, number=number)
    return Done(issue, at=at, say=_("%(key)s is restored.", key=issue.key))


@bp.post("/issues/<number:number>/comments/<number:comment>/restoration")
def restore_comment(project: ProjectRow, issue: IssueDetail, comment: int, by: Viewer) -> Reply[CommentOut]:
    """Restore a deleted comment. Who deleted their own may do so for an hour, maintainers for 30 days."""
    restored = comments.restore(project, issue, comment, by=by)
    at = url_for("issues.show", project=project.key, number=issue.number, _anchor=f"c{comment}")
    return Done(restored, at=at, say=_("The comment is restored."))
