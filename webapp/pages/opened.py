"""What it does to open the page of an issue: somebody has read then what they were told of it.

A GET that writes, on purpose: that a page was shown is known by nobody but the server, and must be known without a
script. It writes once, and only where something waited unread, as the statement that says who asks has told. It is
no page that a browser fetches ahead (to which what waits unread is refused), none that a script reads, no HEAD, and
no JSON: these look for somebody else. The row is passed over if somebody is just writing it, and stays unread where
the database takes nothing. The answer is private, and was never another's.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from webapp import faults
from webapp.access import Viewer
from webapp.errors import Unavailable
from webapp.faults import DBAPIError
from webapp.http import Reply, identity, viewed
from webapp.http.negotiation import wants_page
from webapp.http.viewed import is_looked_at, is_refused_ahead
from webapp.i18n import _
from webapp.inbox import service as inbox
from webapp.issues.schemas import ThreadQuery
from webapp.projects.service import ProjectRow


def opened(project: ProjectRow, number: int, query: ThreadQuery, by: Viewer | None) -> datetime | None:
    """When what is new on an issue's page began, for whoever opens it; None if nothing is.

    The address may say it too, so that the page stays the same when it is loaded again. Raises Unavailable for a
    browser that would fetch it ahead and show it without asking: it asks again then.
    """
    if by is None or not wants_page():
        return None
    here = project.id, number
    if (here in by.unread or by.has_many_unread) and _is_shown():
        began_at = _read(project, number, by)
        if not by.has_many_unread:  # else there may be another in its place
            identity.become(replace(by, unread=by.unread - {here}))
        if began_at is not None:
            return began_at
    return inbox.moment(query.since, project.id, number) if query.since else None


def _is_shown() -> bool:
    """Whether somebody looks. Raises Unavailable for who would fetch it ahead."""
    if is_refused_ahead():
        raise Unavailable(_("What waits unread is not fetched ahead: it is read when it is shown."))
    return is_looked_at()


def looked_before(page: Reply[Any], by: Viewer) -> datetime | None:
    """When whoever opens an issue's page looked at it last in this browser, if it was changed since.

    Nobody need be told of an issue for that, and nothing is written: the browser knows, of the last two dozen.
    What it is asked for is made anew then, as the page that is kept knows of nothing new.
    """
    if page.about is None or page.changed_at is None or not is_looked_at():
        return None
    last = viewed.last(by.id, page.about)
    return last if last is not None and last < page.changed_at else None


def _read(project: ProjectRow, number: int, by: Viewer) -> datetime | None:
    """Let somebody have read it; a page that can be read is shown although that cannot be noted."""
    try:
        return inbox.read(project.id, number, by)
    except DBAPIError as error:
        if not isinstance(faults.refusal_of(error), Unavailable):
            raise
        faults.give_up()
        return None
