"""Tasks in a comment are ticked."""

from webapp.access import Do, Viewer, require
from webapp.comments import service as comments
from webapp.comments.service import CommentRow
from webapp.db import transaction
from webapp.events import service as events
from webapp.issues import ticking
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import TicksIn
from webapp.issues.ticking import Ticked
from webapp.projects.service import ProjectRow


def tick(project: ProjectRow, issue: IssueDetail, comment_id: int, ticks: TicksIn, by: Viewer) -> CommentRow:
    """Tick tasks of a comment. Ticking what is ticked changes nothing."""

    def ticked() -> bool:
        seen = comments.read(project, issue, comment_id)
        require(by, Do.EDIT_COMMENT, project, seen.author_id)
        return _tick(project, issue, comment_id, ticking.after(seen.body, seen.version, ticks), by)

    ticking.in_few_tries(ticked)
    return comments.get(project, issue, comment_id)


@transaction
def _tick(project: ProjectRow, issue: IssueDetail, comment_id: int, ticked: Ticked, by: Viewer) -> bool:
    """Write it, unless the comment has become another since its text was read."""
    row = comments.locked(project, issue, comment_id, by)
    require(by, Do.EDIT_COMMENT, project, row.author_id)
    if row.version != ticked.version:
        return False
    if ticked.added or ticked.removed:
        comments.rewrite(row, ticked.text, by)
        events.record(issue.id, project.id, by, ticked.event(row.id))
    return True
