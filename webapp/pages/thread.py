"""The page of an issue: what it says itself, what it is tied to, and its thread."""

from datetime import datetime
from functools import cache
from typing import Any

from webapp import keeping
from webapp.access import Viewer
from webapp.code_hosts import development as code_of
from webapp.http import Form, Page
from webapp.issues.rows import IssueDetail
from webapp.issues.schemas import ThreadQuery
from webapp.pages import leading
from webapp.projects.service import ProjectRow
from webapp.relations import service as relations
from webapp.relations.service import Relations
from webapp.thread import service as thread
from webapp.thread.service import Thread
from webapp.watching import service as watching
from webapp.watching.rows import Bell


def issue_page(
    project: ProjectRow,
    issue: IssueDetail,
    by: Viewer | None,
    query: ThreadQuery | None = None,
    *,
    bell: Bell | None = None,
    since: datetime | None = None,
    **dressing: Any,
) -> Page:
    """An issue's page with its thread; also what a refused or previewed comment comes back on.

    `bell` is what `by` hears of it, if that is known already; `since` is when what is new to them began.
    """

    @cache
    def told() -> Thread:
        return _thread(project, issue, query, by, since)

    return Page(
        "issues/show.html",
        issue,
        issue=issue,
        project=project,
        form=lambda: Form.of(),
        bell=lambda: bell or (watching.look(project, issue.number, by)[1] if by else None),
        beside=lambda: leading.beside(project, issue, by),
        relations=lambda: _tied(issue, by),
        thread=lambda: told(),
        code=lambda: code_of.development(issue.id) if code_of.is_told_in(told()) else None,
        **{"preview": None, "aside": "", "agrees": False, **dressing},
    )


def _tied(issue: IssueDetail, by: Viewer | None) -> Relations:
    """What the issue is tied to. Of what is in other projects, seen or not, no counter of its own tells."""
    tied = relations.of(issue, by)
    if not tied.is_within:
        keeping.fleeting()
    return tied


def _thread(
    project: ProjectRow, issue: IssueDetail, query: ThreadQuery | None, by: Viewer | None, since: datetime | None
) -> Thread:
    if query is not None and query.timeline == "all":
        shown = thread.page(project, issue, query.cursor, by, since)
    else:
        shown = thread.folded(project, issue, by, since)
    return thread.with_reactions(shown, issue, by)
