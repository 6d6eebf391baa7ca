"""All that a spammer made of late goes into the trash in one act, and they are out.

First they are deactivated, so that nothing new comes; then their issues and comments go, project by project. Little
goes at once, much by jobs, one after another: others wait in the same lane. Each thing is in the trash of its project
afterwards, where it can be restored.
"""

import time
from dataclasses import replace
from datetime import datetime, timedelta

from webapp import clock, eyes
from webapp.access import Viewer, require_administrator
from webapp.audit import service as audit
from webapp.audit.service import Kind
from webapp.auth import standing
from webapp.comments import removal as comments
from webapp.db import transaction
from webapp.editing import trash
from webapp.errors import Gone, NotFound
from webapp.i18n import _
from webapp.issues import service as issues
from webapp.jobs import service as jobs
from webapp.people import repository
from webapp.people.rows import Made, Span
from webapp.people.schemas import PurgeIn
from webapp.people.service import REFUSAL, get, require_another
from webapp.projects import service as projects
from webapp.projects.service import ProjectRow

# So much goes within the request, and so many comments in one step; each is a transaction of its own.
AT_ONCE = 50
# So many issues of a project go in one transaction.
BATCH = 200
# Seconds after which a job leaves the rest to another one, which stands behind what waits by then.
ENOUGH = 5.0


def outlook(user_id: int, days: int, by: Viewer) -> Made:
    """What somebody made in the last days, as far as it would go. Raises Forbidden, NotFound."""
    get(user_id, by)
    return _made(user_id, days)[0]


def purge(user_id: int, draft: PurgeIn, by: Viewer) -> Made:
    """Deactivate somebody, and put what they made of late into the trash; what that was.

    Raises Forbidden, NotFound, Conflict for oneself and for the last administrator.
    """
    made, span = _begin(user_id, draft, by)
    if not made.later:
        while _sweep_some(user_id, span, by):
            pass
    return made


def go_on(user_id: int, since: datetime, until: datetime, by_id: int) -> None:
    """Do what is left of it in the name of who began it; nothing, if they administrate no more.

    What takes longer than enough is left to a job of its own.
    """
    by = repository.administrator(by_id)
    if by is None:
        return
    span, end = Span(since, until), time.monotonic() + ENOUGH
    with eyes.through(by.id):
        while _sweep_some(user_id, span, by):
            if time.monotonic() > end:
                _leave(user_id, span, by)
                return


@transaction
def _begin(user_id: int, draft: PurgeIn, by: Viewer) -> tuple[Made, Span]:
    require_another(user_id, by)
    account = get(user_id, by)
    if account.is_active:
        standing.deactivate(user_id)
    made, span = _made(user_id, draft.last_days)
    told = {"days": draft.last_days, "issues": made.issues, "comments": made.comments}
    audit.note(Kind.PURGED, actor=by, target=audit.person(account), after=told)
    if made.later:
        _enqueue(user_id, span, by)
    return made, span


@transaction
def _leave(user_id: int, span: Span, by: Viewer) -> None:
    """Have the rest done later, under a key of its own: else it would count as done with what runs."""
    require_administrator(by, _(REFUSAL))
    _enqueue(user_id, span, by, key=f"purge:{user_id}:{span.until.isoformat()}")


def _enqueue(user_id: int, span: Span, by: Viewer, key: str | None = None) -> None:
    args = {"user": user_id, "since": span.since.isoformat(), "until": span.until.isoformat(), "by": by.id}
    jobs.enqueue("purge_person", args, key=key)


def _made(user_id: int, days: int) -> tuple[Made, Span]:
    now = clock.now()
    span = Span(now - timedelta(days=days), now)
    made = repository.made(user_id, span)
    return replace(made, last_days=days, later=made.issues + made.comments > AT_ONCE), span


def _sweep_some(user_id: int, span: Span, by: Viewer) -> bool:
    """Put some of it into the trash that is there yet; whether any was, so that there may be more."""
    require_administrator(by, _(REFUSAL))
    return any(
        _sweep_some_of(projects.get(str(project_id), by), user_id, span, by)
        for project_id in repository.projects_of(user_id, span)
    )


def _sweep_some_of(project: ProjectRow, user_id: int, span: Span, by: Viewer) -> bool:
    numbers = repository.issues_of(user_id, span, project.id, BATCH)
    if numbers and trash.remove_all(project, numbers, by).changed:
        return True
    found = repository.comments_of(user_id, span, project.id, AT_ONCE)
    return sum(_remove_comment(project, number, comment_id, by) for number, comment_id in found) > 0


def _remove_comment(project: ProjectRow, number: int, comment_id: int, by: Viewer) -> bool:
    """Whether it went by this."""
    try:
        comments.remove(project, issues.read(project, number, by), comment_id, by)
    except (NotFound, Gone):  # somebody else was faster
        return False
    return True
