"""What the feeds of a list hold: an export all of it, a feed the newest, a calendar what is due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from webapp.access import Do, Viewer, require
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.comments import service as comments
from webapp.comments.service import CommentRow
from webapp.db import apart
from webapp.feeds import queries
from webapp.feeds.rows import DueMilestone, IssueText
from webapp.issues.rows import IssueDetail, IssueRow
from webapp.issues.schemas import IssueQuery
from webapp.lists import meaning, spoken
from webapp.lists import service as lists
from webapp.lists.seeking import Sought
from webapp.projects.service import ProjectRow
from webapp.references import service as references
from webapp.text.cache import Made, html_of, outdated

# An export reads so many issues at a time. Their texts may have 64 KiB each.
AT_ONCE = 500
AT_ONCE_WITH_TEXT = 100
# What is due later counts more than what was due long ago.
MOST_DUE = 1000
MOST_COMMENTS = 50
WHOLE = ("", "is:open", "is:all")

Row = TypeVar("Row", bound=IssueRow)


class Reading(Protocol[Row]):
    """A query that reads some issues of a list, from behind one on."""

    def __call__(self, where: Any, after: IssueRow | None, limit: int, *, falling: bool) -> list[Row]: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of issues: those of a project, or of all that `by` sees, that a query finds."""

    project: ProjectRow | None
    wanted: Sought
    by: Viewer | None


def asked(project: ProjectRow | None, query: IssueQuery, by: Viewer | None) -> Listed:
    """The list that a query asks for. Raises Invalid for one that cannot be read."""
    if project is not None:
        require(by, Do.SEE, project)
    return Listed(project, lists.sought(spoken.text_of(query), project, by), by)


def asked_for(listed: Listed) -> str:
    """What a list asks for, in the names of today where an address has ids."""
    return meaning.named(listed.wanted.text, list(listed.wanted.projects))


def rows(listed: Listed) -> Iterator[Sequence[IssueRow]]:
    """All issues of a list, some at a time.

    They come in the order of their making, whatever the list is sorted by: what changes while others are
    being sent is then neither left out nor told twice.
    """
    yield from _parts(listed, queries.part, AT_ONCE)


def texts(listed: Listed) -> Iterator[Sequence[IssueText]]:
    """The same with the texts of the issues."""
    yield from _parts(listed, queries.part_with_text, AT_ONCE_WITH_TEXT)


def note_export(listed: Listed, form: str) -> None:
    """Note that somebody takes all of a list along, and how many issues that is. What nobody need log in for is not.

    Before it is sent: whoever breaks off has had what came until then.
    """
    if listed.by is not None:
        told = {"form": form, "query": listed.wanted.text, "issues": queries.number(listed.wanted.where)}
        audit.note(Kind.EXPORTED, actor=listed.by, project=listed.project, after=told)


def newest(listed: Listed, limit: int) -> list[IssueDetail]:
    """The newest issues of a list, or those with the latest activity if it is sorted by that."""
    by_activity = listed.wanted.sort.startswith("updated")
    rows = queries.newest(listed.wanted.where, limit, by_activity=by_activity)
    late = outdated(rows)
    links = references.links_of_issues(late) if late else {}
    made: Made = {}
    shown = [replace(row, body_html=html_of(row, made, links.get(row.id))) for row in rows]
    if made:
        _keep(made)
    return shown


def due(listed: Listed) -> tuple[Sequence[IssueRow], Sequence[DueMilestone]]:
    """The open issues of a list that have a day to be done by, and the milestones that have one.

    A list that is not narrowed has all milestones of its projects, any other those that its issues belong to.
    """
    wanted = listed.wanted
    whole = wanted.text in WHOLE
    milestones = queries.due_milestones(wanted.where, list(wanted.projects), MOST_DUE, whole=whole)
    return queries.due(wanted.where, MOST_DUE), milestones


def last_comments(issue: IssueDetail) -> Sequence[CommentRow]:
    """What was said last about an issue, the newest first."""
    return comments.shown(queries.comments(issue.id, MOST_COMMENTS))


def _parts(listed: Listed, read: Reading[Row], limit: int) -> Iterator[Sequence[Row]]:
    falling = listed.wanted.sort != "created-asc"
    last: Row | None = None
    while True:
        rows = read(listed.wanted.where, last, limit, falling=falling)
        if rows:
            yield rows
        if len(rows) < limit:
            return
        last = rows[-1]


@apart
def _keep(made: Made) -> None:
    queries.store_html(made)
