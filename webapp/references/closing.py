"""Issues that a comment says it fixes are closed by it, if its author may do that."""

from collections.abc import Sequence

from webapp.access import Do, Viewer, can
from webapp.changes import editing
from webapp.errors import CairnError, Conflict, Invalid, NotFound
from webapp.issues import service as issues
from webapp.issues.linking import told
from webapp.issues.models import State
from webapp.issues.rows import IssueDetail
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow
from webapp.references.service import issues_named


def close_named(project: ProjectRow, issue: IssueDetail, said: Sequence[str], by: Viewer) -> None:
    """Close what a new comment says it fixes, by these words.

    What its author may not close, or what is not finished yet, is only mentioned.
    """
    for key, number in issues_named(said, project):
        try:
            home = project if key == project.key else projects.get(key, by)
            home, target = issues.followed(home, number, by)
        except CairnError:
            continue
        if target.is_open and can(by, Do.CLOSE_ISSUE, home, target.author.id):
            _close(home, target, project, issue, by)


def _close(home: ProjectRow, target: IssueDetail, project: ProjectRow, issue: IssueDetail, by: Viewer) -> None:
    cause = told(home, project, issue.key)
    try:
        editing.change(home, target.number, {"state": State.CLOSED}, by, cause=cause)
    except (Conflict, Invalid, NotFound):
        return  # it has open parts or is blocked: that is for its own page to decide
