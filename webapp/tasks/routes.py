from flask import url_for

from webapp.comments import service as comments
from webapp.comments import ticking as comment_ticking
from webapp.comments.schemas import CommentOut
from webapp.http import Done, Feature, Reply, me, viewer
from webapp.http.canonical import project_at, project_for
from webapp.issues import service as issues
from webapp.issues import ticking as issue_ticking
from webapp.issues.schemas import IssueOut, TicksIn
from webapp.tasks import service as tasks
from webapp.tasks.schemas import TasksOut
from webapp.thread.presenting import issue_page

bp = Feature("tasks", "/projects/<project:project>/issues/<number:number>")


@bp.get("/tasks")
def of_issue(project: str, number: int) -> Reply[TasksOut]:
    """The tasks in the text of an issue. A browser is shown the issue's page."""
    page = issue_page(project, number)
    page.value = tasks.of(page.value.body)
    return page


@bp.post("/tasks", form="of_issue")
def tick_issue(project: str, number: int, body: TicksIn) -> Reply[IssueOut]:
    """Tick tasks in the text of an issue."""
    found = project_for(project)
    issue = issue_ticking.tick(found, number, body, by=me())
    return Done(issue, at=url_for("issues.show", project=found.key, number=number), say="Saved.")


@bp.get("/comments/<number:comment>/tasks")
def of_comment(project: str, number: int, comment: int) -> Reply[TasksOut]:
    """The tasks in a comment. A browser is shown the issue's page."""
    found = project_at(project)
    row = comments.get(found, issues.get(found, number, viewer()), comment)
    page = issue_page(project, number)
    page.value = tasks.of(row.body)
    return page


@bp.post("/comments/<number:comment>/tasks", form="of_comment")
def tick_comment(project: str, number: int, comment: int, body: TicksIn) -> Reply[CommentOut]:
    """Tick tasks in a comment."""
    found = project_for(project)
    row = comment_ticking.tick(found, issues.get(found, number, me()), comment, body, by=me())
    at = url_for("issues.show", project=found.key, number=number, _anchor=f"c{comment}")
    return Done(row, at=at, say="Saved.")
