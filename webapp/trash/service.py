from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.accounts.rows import Person
from webapp.attachments import service as attachments
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.comments import removal as comments
from webapp.db import AnyRow, transaction
from webapp.errors import NotFound
from webapp.history import copies
from webapp.idempotency import service as idempotency
from webapp.issues import removal as issues
from webapp.paging import COUNTED, Cut, bounded, cut, place
from webapp.projects.service import ProjectRow
from webapp.text.plain import excerpt
from webapp.trash import repository
from webapp.trash.schemas import TrashQuery


@dataclass(frozen=True, slots=True)
class Trashed:
    """A deleted issue, or a deleted comment with its id."""

    kind: str
    id: int
    key: str
    number: int
    title: str
    comment: int | None
    excerpt: str
    author: Person
    deleted_by: Person
    deleted_at: datetime

    @property
    def days_left(self) -> int:
        """How many days, the last one included, it can still be restored."""
        return max((self.deleted_at + issues.KEPT - clock.now()) // timedelta(days=1) + 1, 0)


def listing(project: ProjectRow, query: TrashQuery, by: Viewer) -> Cut[Trashed]:
    """What was deleted in a project, the last one first. What has been there for too long goes now."""
    require(by, Do.RESTORE, project)
    purge()
    at = place(query.cursor, datetime, str, int)
    rows = [_trashed(row, project) for row in repository.of_project(project.id, issues.KEPT, at, query.limit + 1)]
    page = cut(rows, query.limit, at, lambda row: (row.deleted_at, row.kind, row.id))
    page.total = bounded(repository.count(project.id, issues.KEPT, COUNTED + 1))
    return page


def get(project: ProjectRow, number: int, comment: int | None, by: Viewer) -> Trashed:
    """A deleted issue, or a deleted comment on one that is there. Raises NotFound."""
    require(by, Do.RESTORE, project)
    row = repository.one(project.id, number, comment)
    if row is None:
        raise NotFound()
    return _trashed(row, project)


def remove_issue(project: ProjectRow, number: int, by: Viewer) -> None:
    """Delete a deleted issue for good, with all that is of it, its files too. Its number is not given again."""
    require(by, Do.RESTORE, project)
    attachments.require_own_folder()
    attachments.discard(_remove_issue(project, number, by))


@transaction
def _remove_issue(project: ProjectRow, number: int, by: Viewer) -> Sequence[str]:
    require(by, Do.RESTORE, project)
    issue = repository.locked_issue(project.id, number)
    if issue is None:
        raise NotFound()
    files = repository.files(issue.id, None)
    idempotency.forget_answer(issue.author_id, "/issues/", issue.id)
    repository.remove_issue(issue.id)
    copies.erase([issue.id])
    gone = audit.Target("issue", issue.id, f"{project.key}-{number}")
    audit.note(Kind.ISSUE_DELETED, actor=by, target=gone, project=project)
    return files


def remove_comment(project: ProjectRow, number: int, comment: int, by: Viewer) -> None:
    """Delete a deleted comment for good, with its former texts and its files. Its place stays marked."""
    require(by, Do.RESTORE, project)
    attachments.require_own_folder()
    attachments.discard(_remove_comment(project, number, comment, by))


@transaction
def _remove_comment(project: ProjectRow, number: int, comment: int, by: Viewer) -> Sequence[str]:
    require(by, Do.RESTORE, project)
    row = repository.locked_comment(project.id, number, comment)
    if row is None:
        raise NotFound()
    files = repository.files(None, comment)
    idempotency.forget_answer(row.author_id, "/comments/", comment)
    comments.forget([comment])
    gone = audit.Target("comment", comment, f"{project.key}-{number}")
    audit.note(Kind.COMMENT_DELETED, actor=by, target=gone, project=project)
    return files


@transaction
def purge() -> int:
    """Delete for good some of what has been in any trash for too long; returns how many things that were."""
    gone = {"issues": issues.purge(), "comments": comments.purge()}
    if number := sum(gone.values()):
        audit.note(Kind.TRASH_EMPTIED, after=gone)
    return number


def _trashed(row: AnyRow, project: ProjectRow) -> Trashed:
    return Trashed(
        kind=row.kind,
        id=row.id,
        key=f"{project.key}-{row.number}",
        number=row.number,
        title=row.title,
        comment=row.comment,
        excerpt=excerpt(row.text),
        author=Person(row.author_id, row.author_name, row.author_avatar),
        deleted_by=Person(row.deleted_by, row.remover_name, row.remover_avatar),
        deleted_at=row.deleted_at,
    )
