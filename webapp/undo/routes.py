from flask import url_for

from webapp.http import Done, Feature, Reply, me
from webapp.http.canonical import project_for
from webapp.issues.schemas import IssueOut
from webapp.undo import service as undoing
from webapp.undo.schemas import UndoIn

bp = Feature("undo", "/projects/<project:project>/issues/<number:number>/undo")


@bp.post("")
def undo(project: str, number: int, body: UndoIn) -> Reply[IssueOut]:
    """Undo a change of your own within an hour, unless what it changed has been changed again since."""
    found = project_for(project)
    issue = undoing.undo(found, number, body.change, by=me())
    return Done(issue, at=url_for("issues.show", project=found.key, number=number), say="Undone.")
