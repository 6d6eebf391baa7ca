"""Tasks in a comment are ticked."""

from webapp.access import Viewer
from webapp.comments import service as comments
from webapp.comments.service import CommentRow
from webapp.db import transaction
from webapp.issues import ticking
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import TicksIn
from webapp.projects.service import ProjectRow
from webapp.timeline import service as timeline


@transaction
def tick(project: ProjectRow, issue: IssueDetail, comment_id: int, ticks: TicksIn, by: Viewer) -> CommentRow:
    """Tick tasks of a comment. Ticking what is ticked changes nothing."""
    comments.require_edit(project, comments.get(project, issue, comment_id), by)
    row = comments.locked(project, issue, comment_id, by)
    ticked = ticking.after(row.body, row.version, ticks)
    if ticked.added or ticked.removed:
        comments.rewrite(row, ticked.text, by)
        timeline.record(issue.id, project.id, by, {"ticked": {**ticked.told, "comment": row.id}})
    return comments.get(project, issue, comment_id)
