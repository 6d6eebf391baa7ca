"""What waits in somebody's inbox, as one column of the statement that says who they are.

It is told on every page, and what a page shows of it must be as of now: what sleeps wakes by the clock, and of an
issue that its reader sees no more nothing is counted. So it is asked, and not kept; an index has just these rows.
"""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import aliased

from webapp.access import MOST_UNREAD
from webapp.models.accounts import User
from webapp.models.inbox import InboxItem
from webapp.models.issues import Issue
from webapp.models.projects import Project
from webapp.projects.sight import Sight, seen_with

# Of what somebody left unread in so many issues that they see none of any more, some is not counted.
LOOKED_THROUGH = 1_000
_READER: Any = bindparam("user_id")


def _unread() -> ColumnElement[Any]:
    asleep = InboxItem.snoozed_until > func.now()
    reader = aliased(User)
    sees_all = select(reader.is_admin).where(reader.id == _READER).scalar_subquery()
    told = (
        select(InboxItem.issue_id)
        .where(InboxItem.user_id == _READER, InboxItem.first_unread_id.is_not(None), InboxItem.done_at.is_(None))
        .where(asleep.is_not(True))
        .limit(LOOKED_THROUGH)
        .subquery("told")
    )
    some = (
        select(Issue.project_id, Issue.number)
        .select_from(told)
        .join(Issue, Issue.id == told.c.issue_id)
        .join(Project, Project.id == Issue.project_id)
        .where(Issue.deleted_at.is_(None), or_(seen_with(Sight.SOMEBODY, _READER), sees_all))
        .limit(MOST_UNREAD)
        .subquery("unread_here")
    )
    return select(func.array_agg(array([some.c.project_id, some.c.number]))).scalar_subquery()


# The projects and numbers of the issues that wait unread; None where none does.
UNREAD = _unread().label("unread")
