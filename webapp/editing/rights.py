"""Who may change which fields of an issue."""

from collections.abc import Collection

from webapp.access import Do, Viewer, require
from webapp.i18n import _
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


def require_sight(project: ProjectRow, author_id: int, by: Viewer) -> None:
    """Go on only if `by` sees an issue that this person wrote once it is private.

    Who changes it and then does not find it could neither look at what they did nor take it back.
    """
    if by.id != author_id:
        refusal = _(
            "Only those who see what is private in %(key)s can make issues of others private.", key=project.key
        )
        require(by, Do.SEE_PRIVATE, project, refusal=refusal)
