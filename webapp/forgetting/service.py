"""A former text that nobody must read any more is forgotten for good: of what it said, nothing stays anywhere."""

from collections.abc import Sequence

from webapp.access import Do, Viewer, require
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.comments import service as comments
from webapp.comments.service import CommentRow
from webapp.db import AnyRow, transaction
from webapp.errors import NotFound
from webapp.events import service as events
from webapp.events.kinds import TextForgotten
from webapp.history import copies
from webapp.history import service as history
from webapp.i18n import _
from webapp.idempotency import service as idempotency
from webapp.issues.holding import locked
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow
from webapp.text.tasks import tasks


def require_forgetting(
    project: ProjectRow, issue: IssueDetail, comment: CommentRow | None, version: int, by: Viewer
) -> AnyRow:
    """The former text, if `by` may let it be forgotten: who wrote it, whose issue or comment it was, maintainers.

    Raises NotFound for one that there is not, as for the text of now.
    """
    row = history.numbered(issue.id, comment.id if comment else None, version)
    if row is None:
        require(by, Do.SEE, project)
        raise NotFound(_("There is no such former text. The text of now must be changed before it can be forgotten."))
    require(by, Do.FORGET_TEXT, project, by.id if row.written_by == by.id else (comment or issue).author.id)
    return row


def forget(project: ProjectRow, issue: IssueDetail, comment: CommentRow | None, version: int, by: Viewer) -> None:
    """Let a former text be forgotten, with an event that does not say it. Twice changes nothing."""
    row = require_forgetting(project, issue, comment, version, by)
    _forget(project, issue, comment, version, [task.text for task in tasks(row.body)], by)


@transaction
def _forget(
    project: ProjectRow,
    issue: IssueDetail,
    comment: CommentRow | None,
    version: int,
    words: Sequence[str],
    by: Viewer,
) -> None:
    """`words` are those of the text's tasks, which events quote; what the text of now has as well, they may."""
    row = require_forgetting(project, issue, comment, version, by)
    if comment is None:
        now = locked(project, issue.number, by).body
    else:
        now = comments.locked(project, issue, comment.id, by).body
    if history.forget(row.id) is None:
        return
    _note(project, issue, comment, by)
    author, about = (comment or issue).author.id, comment.id if comment else None
    events.blot(issue.id, about, [one for one in words if one not in now])
    idempotency.forget_answer(author, "/comments/" if comment else "/issues/", (comment or issue).id)
    events.record(issue.id, project.id, by, TextForgotten(version, about))
    copies.erase([issue.id])


def _note(project: ProjectRow, issue: IssueDetail, comment: CommentRow | None, by: Viewer) -> None:
    kind, of = ("comment", comment.id) if comment else ("issue", issue.id)
    text = audit.Target(kind, of, f"{project.key}-{issue.number}")
    audit.note(Kind.TEXT_FORGOTTEN, actor=by, target=text, project=project)
