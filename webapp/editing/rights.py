"""Who may change which fields of an issue."""

from collections.abc import Collection

from webapp.access import Do, Viewer, require
from webapp.issues.fields import Right, sent_by
from webapp.issues.service import require_triage
from webapp.projects.service import ProjectRow

TRIAGE = sent_by(Right.PLAN)
WORKFLOW = sent_by(Right.CLOSE) | {"duplicate_of"}


def require_fields(project: ProjectRow, author_id: int, fields: Collection[str], by: Viewer) -> None:
    """Go on only if `by` may change these fields of an issue that this person wrote."""
    changed = set(fields)
    if changed - WORKFLOW or not changed:
        require(by, Do.EDIT_ISSUE, project, author_id)
    if changed & WORKFLOW:
        require(by, Do.CLOSE_ISSUE, project, author_id)
    require_triage(project, by, changed & TRIAGE)
