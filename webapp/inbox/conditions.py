"""What of an inbox is meant, as conditions of the database."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true

from webapp.access import Viewer
from webapp.db import AnySelect
from webapp.inbox.asking import Asked
from webapp.models.inbox import InboxItem
from webapp.models.issues import Issue
from webapp.models.projects import Project, ProjectAlias
from webapp.projects.sight import Sight, seen_with
from webapp.reading import among
from webapp.text.query import All, Either, Node, Not, Term, Words

Condition = ColumnElement[bool]
NOT_DONE = InboxItem.done_at.is_(None)
ASLEEP = func.coalesce(InboxItem.snoozed_until > func.now(), False)
UNREAD = InboxItem.first_unread_id.is_not(None)


def own(viewer: Viewer, *columns: Any) -> AnySelect:
    """Columns of the rows of somebody whose issue they see, wherever it is now. The right is asked as it is read."""
    return seen_rows(Sight.of(viewer), viewer.id, *columns)


def seen_rows(sight: Sight, viewer_id: Any, *columns: Any) -> AnySelect:
    """The same for a statement of all who look with such eyes."""
    rows = select(*columns).select_from(InboxItem).join(Issue, Issue.id == InboxItem.issue_id)
    there = rows.join(Project, Project.id == Issue.project_id)
    return there.where(InboxItem.user_id == viewer_id, Issue.deleted_at.is_(None), seen_with(sight, viewer_id))


def asked_for(asked: Asked) -> Condition:
    """That a row is meant."""
    here = _condition(asked.tree)
    return and_(here, NOT_DONE, not_(ASLEEP)) if asked.is_of_now else here


def one_of(ids: Sequence[int]) -> Condition:
    """That a row has one of these ids."""
    return among(InboxItem.id, ids)


def told_until(event_id: int | None) -> Condition:
    """That a row tells of nothing later than an event, if one is given."""
    return true() if event_id is None else InboxItem.last_event_id <= event_id


def _condition(node: Node) -> Condition:
    match node:
        case Words():
            return Issue.title.icontains(node.text, autoescape=True)
        case Term():
            return or_(*_TERMS[node.name]([value.text for value in node.values]))
        case Not():
            return _condition(node.node).is_not(true())
        case Either():
            return or_(*map(_condition, node.nodes))
        case All():
            return and_(true(), *map(_condition, node.nodes))


_STATES: dict[str, Condition] = {
    "unread": UNREAD,
    "read": not_(UNREAD),
    "snoozed": and_(NOT_DONE, ASLEEP),
    "done": not_(NOT_DONE),
    "all": true(),
}


def _project(keys: Sequence[str]) -> list[Condition]:
    """The projects that have these keys, or had them."""
    upper = [key.upper() for key in keys]
    had = select(ProjectAlias.project_id).where(ProjectAlias.key.in_(upper))
    return [Project.key.in_(upper), Project.id.in_(had)]


_TERMS: dict[str, Callable[[Sequence[str]], list[Condition]]] = {
    "is": lambda said: [_STATES[one.lower()] for one in said],
    "reason": lambda said: [InboxItem.reason.in_([one.lower() for one in said])],
    "project": _project,
}
