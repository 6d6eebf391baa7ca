from flask import url_for

from webapp.access import Viewer
from webapp.http import Done, Feature, Reply
from webapp.http.negotiation import referrer
from webapp.i18n import _
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import IssueOut
from webapp.projects.service import ProjectRow
from webapp.undo import service as undoing
from webapp.undo.schemas import UndoIn

bp = Feature("undo", "/projects/<project:project>/issues/<number:number>/undo")


@bp.post("")
def undo(project: ProjectRow, number: int, body: UndoIn, by: Viewer) -> Reply[IssueOut]:
    """Undo a change of your own within an hour, unless what it changed has been changed again since."""
    issue = undoing.undo(project, number, body.change, by=by)
    return Done(issue, at=_board(project) or _issue(issue), say=_("Undone."))


def _issue(issue: IssueDetail) -> str:
    return url_for("issues.show", project=issue.project_key, number=issue.number)


def _board(project: ProjectRow) -> str | None:
    """The board, if it is where the button stood: whoever moves cards goes on there."""
    came, at = referrer(), url_for("board.show", project=project.key)
    return f"{at}?{came.query}".rstrip("?") if came and came.path == at else None
