"""Who sees a comment: all who see its issue, or its author and the project's team alone."""

from collections.abc import Sequence

from webapp.access import Do, Viewer, require
from webapp.accounts.rows import Person
from webapp.approval import service as approval
from webapp.comments import repository
from webapp.events import service as events
from webapp.events.kinds import CommentHidden
from webapp.i18n import _
from webapp.models.comments import Comment
from webapp.projects.service import ProjectRow
from webapp.references import service as references


def require_private(project: ProjectRow, by: Viewer) -> None:
    """Go on only if `by` may say that a comment is private, or is no longer.

    Those who see each private comment of the project: whoever sees but their own would get no answer to it.
    """
    refusal = _(
        "Only those who see what is private in %(key)s can write private comments, or change who sees one.",
        key=project.key,
    )
    require(by, Do.SEE_PRIVATE, project, refusal=refusal)


def unheard(project: ProjectRow, names: Sequence[str], by: Viewer) -> Sequence[Person]:
    """Those whom a private comment by `by` names, and who hear nothing of it, as they do not see it: by name."""
    named = [id for id in references.people_meant(names, project) if id != by.id]
    return repository.without_sight(project.id, named) if named else []


def wish(project: ProjectRow, row: Comment, by: Viewer, *, private: bool) -> None:
    """Let a locked comment be seen as it is wished; what is held stays private once it is approved, if that is so."""
    if private != row.private:
        turn(project, row, by, private=private)
    elif private and row.id in approval.of_issue(row.issue_id):
        require_private(project, by)
        approval.stay_private([row.issue_id], row.id)


def turn(project: ProjectRow, row: Comment, by: Viewer, *, private: bool) -> None:
    """Let others see a locked comment than until now, within the change that has locked it.

    What everybody sees counts at the issue. To become visible is news there; to vanish is none.
    """
    require_private(project, by)
    if not private:
        approval.require_approved(row.issue_id, row.id)
    show(row, private=private)
    events.record(row.issue_id, project.id, by, CommentHidden(row.id, row.author_id, not private, private))


def show(row: Comment, *, private: bool) -> None:
    """Write that, and nothing that tells of it."""
    row.private = private
    row.version += 1
    repository.flush()
    repository.count(row.issue_id, -1 if private else 1, is_news=not private)
