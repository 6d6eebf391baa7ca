from flask import url_for

from webapp.http import Done, Feature, Reply, me, viewer
from webapp.issues.schemas import IssueOut
from webapp.projects import service as projects
from webapp.undo import service as undoing
from webapp.undo.schemas import UndoIn

bp = Feature("undo", "/projects/<project:project>/issues/<number:number>/undo")


@bp.post("")
def undo(project: str, number: int, body: UndoIn) -> Reply[IssueOut]:
    """Undo a change of your own within an hour, unless what it changed has been changed again since."""
    found = projects.get(project, viewer())
    issue = undoing.undo(found, number, body.change, by=me())
    return Done(issue, at=url_for("issues.show", project=found.key, number=number), say="Undone.")
