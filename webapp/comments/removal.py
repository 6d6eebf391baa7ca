"""Into the trash and out of it: a deleted comment leaves a mark in its place, for good."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from webapp import clock, keeping
from webapp.access import Do, Viewer, can, require
from webapp.comments import repository
from webapp.comments.service import CommentRow, get, locked, read
from webapp.db import transaction
from webapp.errors import NotFound, Overtaken
from webapp.events import service as events
from webapp.events.kinds import CommentDeleted, CommentRestored
from webapp.history import copies
from webapp.i18n import _
from webapp.issues import holding
from webapp.issues.removal import AT_ONCE, KEPT
from webapp.issues.rows import IssueDetail
from webapp.projects.service import ProjectRow
from webapp.references.written import Written, tell
from webapp.text.markdown import find

# How long somebody may take back their own deletion without the right to restore anything.
REGRET = timedelta(hours=1)


def require_removal(project: ProjectRow, comment: CommentRow, by: Viewer) -> None:
    """Go on only if `by` may see the form that deletes the comment."""
    require(by, Do.DELETE_COMMENT, project, comment.author.id)


@transaction
def remove(
    project: ProjectRow, issue: IssueDetail, comment_id: int, by: Viewer, *, version: int | None = None
) -> UUID:
    """Put a comment into the trash; returns what undoes that. Raises Conflict if it is at another version."""
    require(by, Do.DELETE_COMMENT, project, read(project, issue, comment_id).author_id)
    row = locked(project, issue, comment_id, by)
    if version not in (None, row.version):
        raise Overtaken(_("This comment was changed meanwhile. Look at it again before you delete it."))
    repository.remove(row, by.id)
    if not row.private:
        repository.count(issue.id, -1)
    change = events.record(issue.id, project.id, by, CommentDeleted(row.id, row.author_id))
    tell(Written(project, issue.id, issue.number, comment_id, "", by))
    return change


def restore(project: ProjectRow, issue: IssueDetail, comment_id: int, by: Viewer) -> CommentRow:
    """Take a comment out of the trash. Raises NotFound if it is not there."""
    require(by, Do.COMMENT, project)
    found = repository.numbered(issue.id, comment_id)
    text = found.body if found else ""
    _restore(project, issue, comment_id, text, find(text).names, by)
    return get(project, issue, comment_id)


@transaction
def _restore(
    project: ProjectRow, issue: IssueDetail, comment_id: int, text: str, names: Sequence[str], by: Viewer
) -> None:
    require(by, Do.COMMENT, project)
    holding.hold(project, issue.number, by)
    row = repository.locked_in_trash(issue.id, comment_id)
    if row is None:
        raise NotFound()
    if row.body != text:
        raise Overtaken(_("This comment was restored and changed meanwhile."))
    if not _is_regretted(row.deleted_by, row.deleted_at, by):
        require(by, Do.RESTORE, project)
    row.deleted_at = row.deleted_by = None
    row.version += 1
    repository.flush()
    if not row.private:
        repository.count(issue.id, 1)
    events.record(issue.id, project.id, by, CommentRestored(row.id, row.author_id))
    tell(Written(project, issue.id, issue.number, comment_id, row.body, by, names))


def may_restore(project: ProjectRow, deleted_by: int | None, deleted_at: datetime | None, by: Viewer | None) -> bool:
    """Whether `by` may restore what was deleted so: with the right to, or for a while their own deletion."""
    if by is None or deleted_at is None:
        return False
    is_regretted = _is_regretted(deleted_by, deleted_at, by)
    return can(by, Do.RESTORE, project) or (is_regretted and can(by, Do.COMMENT, project))


@transaction
def purge() -> int:
    """Forget some of the texts that have been in the trash for too long; returns how many that were."""
    return forget(repository.outdated(KEPT, AT_ONCE))


def forget(comment_ids: Sequence[int]) -> int:
    """Forget the texts of these deleted comments, within the change that has locked them; returns how many."""
    repository.forget(comment_ids)
    events.blot_comments(comment_ids)
    copies.erase(repository.homes(comment_ids))
    return len(comment_ids)


def _is_regretted(deleted_by: int | None, deleted_at: datetime | None, by: Viewer) -> bool:
    if deleted_by != by.id or deleted_at is None or clock.now() - deleted_at >= REGRET:
        return False
    keeping.true_until(deleted_at + REGRET)
    return True
