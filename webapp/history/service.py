from dataclasses import dataclass
from datetime import datetime

from webapp.access import Viewer
from webapp.accounts.rows import Person
from webapp.db import AnyRow
from webapp.errors import NotFound
from webapp.history import repository
from webapp.history.schemas import HistoryQuery
from webapp.i18n import _
from webapp.paging import COUNTED, Cut, bounded, cut, place, whole
from webapp.text import diff

# Steps for all comparisons of a page together: a twentieth of a second.
STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Version:
    """A text that was replaced by `following`; None stands for one that was forgotten.

    `written_by` is None for the first text, which is its author's.
    """

    id: int
    version: int
    body: str | None
    following: str | None
    written_by: int | None
    forgotten_at: datetime | None
    replaced_by: Person
    replaced_at: datetime
    diff: list[diff.Line] | None
    # Whether the diff is missing only because those before it on the page took all steps.
    is_left_out: bool


def keep(issue_id: int, comment_id: int | None, version: int, body: str, by: Viewer) -> None:
    """Keep a text that `by` is about to replace. In the transaction of the edit itself."""
    repository.add(issue_id, comment_id, version, body, by.id)


def listing(issue_id: int, comment_id: int | None, current: str | None, query: HistoryQuery) -> Cut[Version]:
    """The former texts of a comment, or without one of the issue's description; the last change first.

    Raises NotFound if there is no version of the number that was asked for.
    """
    if query.version is not None:
        return _alone(issue_id, comment_id, current, query.version)
    at = place(query.cursor, int)
    rows = repository.of_text(issue_id, comment_id, at, query.limit + 2)
    if at is not None:  # the first row is only there to tell what the next one became
        current, rows = (_text(rows[0]) if rows else current), rows[1:]
    following = [current, *(_text(row) for row in rows)]
    writers = [*(row.editor_id for row in rows[1:]), None]
    kept = list(zip(rows, following, writers, strict=False))[: query.limit + 1]
    page = cut([row for row, *_ in kept], query.limit, at, lambda row: (row.id,))
    budget = diff.Budget(STEPS)
    versions = [_version(row, became, writer, budget) for row, became, writer in kept[: query.limit]]
    total = bounded(repository.count(issue_id, comment_id, COUNTED + 1))
    return Cut(versions, total, after=page.after)


def _alone(issue_id: int, comment_id: int | None, current: str | None, version: int) -> Cut[Version]:
    rows = repository.from_version(issue_id, comment_id, version)
    former = repository.numbered(issue_id, comment_id, version)
    if former is None:
        raise NotFound(_("This version is still the present one, or there is none of this number."))
    became = _text(rows[1]) if len(rows) > 1 else current
    return whole([_version(rows[0], became, former.written_by, diff.Budget(), alone=True)])


def _version(
    row: AnyRow, became: str | None, writer: int | None, budget: diff.Budget, *, alone: bool = False
) -> Version:
    text, compared = _text(row), None
    if text is not None and became is not None:  # else it would tell of the one that was forgotten
        compared = diff.compare(text, became, budget)
    return Version(
        id=row.id,
        version=row.version,
        body=text,
        following=became,
        written_by=writer,
        forgotten_at=row.forgotten_at,
        replaced_by=Person(row.editor_id, row.editor_name, row.avatar),
        replaced_at=row.created_at,
        diff=compared,
        is_left_out=compared is None and None not in (text, became) and budget.left < 0 and not alone,
    )


def _text(row: AnyRow) -> str | None:
    return row.body if row.forgotten_at is None else None


def numbered(issue_id: int, comment_id: int | None, version: int) -> AnyRow | None:
    """The text of this version, and who wrote it: whoever replaced the one before; None for the first one."""
    return repository.numbered(issue_id, comment_id, version)


def forget(version_id: int) -> str | None:
    """Forget a text for good; returns what it was, or None if it was forgotten before."""
    return repository.forget(version_id)
