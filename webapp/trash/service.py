from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import clock
from webapp.access import Do, Viewer, require
from webapp.accounts.rows import Person
from webapp.comments import removal as comments
from webapp.db import AnyRow
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
    found = cut(rows, query.limit, at, lambda row: (row.deleted_at, row.kind, row.id))
    found.total = bounded(repository.count(project.id, issues.KEPT, COUNTED + 1))
    return found


def purge() -> int:
    """Delete for good some of what has been in any trash for too long; returns how many things that were."""
    return issues.purge() + comments.purge()


def _trashed(row: AnyRow, project: ProjectRow) -> Trashed:
    return Trashed(
        kind=row.kind,
        id=row.id,
        key=f"{project.key}-{row.number}",
        number=row.number,
        title=row.title,
        comment=row.comment,
        excerpt=excerpt(row.text),
        author=Person(row.author_id, row.author_name),
        deleted_by=Person(row.deleted_by, row.remover_name),
        deleted_at=row.deleted_at,
    )
