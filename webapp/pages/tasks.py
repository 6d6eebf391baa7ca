from flask import url_for

from webapp.access import Viewer
from webapp.comments import service as comments
from webapp.comments import ticking as comment_ticking
from webapp.comments.schemas import CommentOut
from webapp.editing import ticking as issue_ticking
from webapp.http import Done, Feature, Reply
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueOut, TicksIn
from webapp.pages.thread import issue_page
from webapp.projects.service import ProjectRow
from webapp.tasks import service as tasks
from webapp.tasks.schemas import TasksOut

bp = Feature("tasks", "/projects/<project:project>/issues/<number:number>")


@bp.get("/tasks")
def of_issue(project: ProjectRow, issue: IssueDetail, by: Viewer | None) -> Reply[TasksOut]:
    """The tasks in the text of an issue. A browser is shown the issue's page."""
    page = issue_page(project, issue, by)
    page.value = tasks.of(page.value.body)
    return page


@bp.post("/tasks", form="of_issue")
def tick_issue(project: ProjectRow, number: int, body: TicksIn, by: Viewer) -> Reply[IssueOut]:
    """Tick tasks in the text of an issue."""
    issue = issue_ticking.tick(project, number, body, by=by)
    return Done(issue, at=url_for("issues.show", project=project.key, number=number), say=_("Saved."))


@bp.get("/comments/<number:comment>/tasks")
def of_comment(project: ProjectRow, issue: IssueDetail, comment: int, by: Viewer | None) -> Reply[TasksOut]:
    """The tasks in a comment. A browser is shown the issue's page."""
    row = comments.get(project, issue, comment)
    page = issue_page(project, issue, by)
    page.value = tasks.of(row.body)
    return page


@bp.post("/comments/<number:comment>/tasks", form="of_comment")
def tick_comment(
    project: ProjectRow, issue: IssueDetail, comment: int, body: TicksIn, by: Viewer
) -> Reply[CommentOut]:
    """Tick tasks in a comment."""
    row = comment_ticking.tick(project, issue, comment, body, by=by)
    at = url_for("issues.show", project=project.key, number=issue.number, _anchor=f"c{comment}")
    return Done(row, at=at, say=_("Saved."))
