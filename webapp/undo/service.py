from uuid import UUID

from webapp.access import Viewer
from webapp.comments import removal as comments
from webapp.editing import returning, undoing
from webapp.events.kinds import CommentDeleted, of
from webapp.issues import service as issues
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow


def undo(project: ProjectRow, number: int, change: UUID, by: Viewer) -> IssueDetail:
    """Take back a change of one's own of an issue or a comment on it, as a change of its own.

    Raises Conflict if it was too long ago, or if what it changed has been changed again since.
    """
    if moved := returning.take_one_back(project, number, change, by):
        return moved
    events = undoing.events_of(project, change, by, number=number)
    gone = of(events[0].kind, events[0].data)
    if isinstance(gone, CommentDeleted):
        comments.restore(project, issues.get(project, number, by), gone.comment, by)
    else:
        undoing.take_back(project, events, by, is_strict=True)
    return issues.get(project, number, by)
