"""How long issues stay in the trash, and who may put them there."""

from datetime import timedelta

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.history import copies
from webapp.issues import repository
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow

# How long what was deleted can be restored, and how many issues one purge takes, so that it stays short.
KEPT = timedelta(days=30)
AT_ONCE = 100


def require_removal(project: ProjectRow, issue: IssueDetail, by: Viewer) -> None:
    """Go on only if `by` may see the form that deletes the issue."""
    require(by, Do.DELETE_ISSUE, project, issue.author.id)


@transaction
def purge() -> int:
    """Delete for good some of what has been in the trash for too long; returns how many issues that were."""
    gone = repository.purge(KEPT, AT_ONCE)
    copies.erase(gone)
    return len(gone)
