from dataclasses import dataclass
from datetime import datetime

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.history import repository
from webapp.history.schemas import HistoryQuery
from webapp.paging import Cut, cut, place
from webapp.text import diff


@dataclass(frozen=True, slots=True)
class Version:
    """A text that was replaced by `following`."""

    id: int
    version: int
    body: str
    following: str
    replaced_by: Person
    replaced_at: datetime
    diff: list[diff.Line] | None


def keep(issue_id: int, comment_id: int | None, version: int, body: str, by: Viewer) -> None:
    """Keep a text that `by` is about to replace. In the transaction of the edit itself."""
    repository.add(issue_id, comment_id, version, body, by.id)


def listing(issue_id: int, comment_id: int | None, current: str, query: HistoryQuery) -> Cut[Version]:
    """The former texts of a comment, or without one of the issue's description; the last change first."""
    at = place(query.cursor, int)
    rows = repository.of_text(issue_id, comment_id, at, query.limit + 2)
    if at is not None:  # the first row is only there to tell what the next one became
        current, rows = (rows[0].body if rows else current), rows[1:]
    following = [current, *(row.body for row in rows)]
    kept = list(zip(rows, following, strict=False))[: query.limit + 1]
    page = cut([row for row, _ in kept], query.limit, at, lambda row: (row.id,))
    versions = [
        Version(
            id=row.id,
            version=row.version,
            body=row.body,
            following=became,
            replaced_by=Person(row.editor_id, row.editor_name),
            replaced_at=row.created_at,
            diff=diff.compare(row.body, became),
        )
        for row, became in kept[: query.limit]
    ]
    return Cut(versions, after=page.after)
