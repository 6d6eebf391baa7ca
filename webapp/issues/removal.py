"""Into the trash and out of it: a deleted issue keeps its number, its comments and its labels there."""

from collections.abc import Sequence
from datetime import timedelta

from webapp.access import Do, Viewer, require
from webapp.db import transaction
from webapp.errors import NotFound, Overtaken
from webapp.events import service as events
from webapp.events.kinds import Deleted, Restored
from webapp.issues import repository, turns
from webapp.issues.models import Issue, State
from webapp.issues.rows import IssueDetail
from webapp.issues.service import get, read
from webapp.issues.written import Written, tell
from webapp.projects.service import ProjectRow
from webapp.text.markdown import find

# How long what was deleted can be restored, and how many issues one purge takes, so that it stays short.
KEPT = timedelta(days=30)
AT_ONCE = 100


def require_removal(project: ProjectRow, issue: IssueDetail, by: Viewer) -> None:
    """Go on only if `by` may see the form that deletes the issue."""
    require(by, Do.DELETE_ISSUE, project, issue.author.id)


@transaction
def remove(project: ProjectRow, number: int, by: Viewer, *, version: int | None = None) -> None:
    """Put an issue into the trash. Its number is not given again. Raises Conflict if it is at another version."""
    require_removal(project, read(project, number, by), by)
    row = repository.locked(project.id, number)
    if row is None:
        raise NotFound()
    if version not in (None, row.version):
        raise Overtaken("This issue was changed meanwhile. Look at it again before you delete it.")
    row.deleted_at, row.deleted_by = repository.database_now(), by.id
    row.version += 1
    repository.flush()
    _count(row, -1)
    events.record(row.id, project.id, by, Deleted(row.number, row.title))
    tell(Written(project, row.id, row.number, None, "", by))


def restore(project: ProjectRow, number: int, by: Viewer) -> IssueDetail:
    """Take an issue out of the trash, as it was. Raises NotFound if it is not there."""
    require(by, Do.RESTORE, project)
    text = repository.text_in_trash(project.id, number)
    if text is None:
        raise NotFound()
    _restore(project, number, text, find(text).said, by)
    return get(project, number, by)


@transaction
def _restore(project: ProjectRow, number: int, text: str, said: Sequence[str], by: Viewer) -> None:
    require(by, Do.RESTORE, project)
    row = repository.locked_in_trash(project.id, number)
    if row is None:
        raise NotFound()
    if row.body != text:
        raise Overtaken("This issue was restored and changed meanwhile.")
    row.deleted_at = row.deleted_by = None
    row.version += 1
    row.updated_at = repository.database_now()
    repository.flush()
    _count(row, 1)
    events.record(row.id, project.id, by, Restored(row.number, row.title))
    tell(Written(project, row.id, row.number, None, row.body, by, said))


@transaction
def purge() -> int:
    """Delete for good some of what has been in the trash for too long; returns how many issues that were."""
    return repository.purge(KEPT, AT_ONCE)


def _count(row: Issue, by: int) -> None:
    """Count the issue in or out, at its labels and at its project."""
    is_open = row.state == State.OPEN
    repository.count_labels_of(row.id, by)
    turns.touch_project(row.project_id, opened=by * is_open, closed=by * (not is_open))
