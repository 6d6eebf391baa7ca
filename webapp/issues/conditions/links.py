"""Conditions on how an issue is tied to others."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, not_, select, true
from sqlalchemy.orm import aliased

from webapp import keeping
from webapp.issues.conditions.scope import ANYBODY, NOBODY, Condition, Scope, plain, presence
from webapp.issues.models import Issue, IssueLink, Kind, State
from webapp.projects.models import Project
from webapp.projects.service import visible_to
from webapp.text.query import Term, Unreadable, Value

REF = re.compile(r"(?:#|([A-Za-z][A-Za-z0-9]{1,9})-)([1-9][0-9]{0,17})\Z")


def referred(found: re.Match[str], scope: Scope) -> Condition:
    key, number = found.groups()
    there = [id for id, name in scope.projects.items() if name == key.upper()] if key else None
    here = Issue.project_id.in_(there) if there is not None else true()
    return and_(Issue.number == int(number), here)


def parent(value: Value, term: Term, scope: Scope) -> Condition:
    said = plain(value, "parent")
    if said in (NOBODY, ANYBODY):
        return presence(Issue.parent_id.is_not(None), said)
    return Issue.parent_id.in_(_issue(value, scope))


def _issue(value: Value, scope: Scope) -> Any:
    """The ids of the issues that `#12` or `KEY-12` names in the scope."""
    text = value.text if not value.text.isdecimal() else f"#{value.text}"
    found = REF.match(text)
    if found is None:
        raise Unreadable(value.at, "This names no issue. Write #12 or KEY-12.")
    key, number = found.groups()
    ids = [id for id, name in scope.projects.items() if key is None or name == key.upper()]
    other = aliased(Issue)
    return select(other.id).where(other.project_id.in_(ids), other.number == int(number), other.deleted_at.is_(None))


def blocked(value: Value, term: Term, scope: Scope) -> Condition:
    return _tied(value, term, scope, is_blocked, IssueLink.target_id, IssueLink.source_id)


def blocks(value: Value, term: Term, scope: Scope) -> Condition:
    return _tied(value, term, scope, _is_blocking, IssueLink.source_id, IssueLink.target_id)


def _tied(
    value: Value, term: Term, scope: Scope, at_all: Callable[[Scope], Condition], here: Any, there: Any
) -> Condition:
    if value.text.lower() in ("yes", "no"):
        tied = at_all(scope)
        return tied if value.text.lower() == "yes" else not_(tied)
    links = select(here).where(IssueLink.kind == Kind.BLOCKS, there.in_(_issue(value, scope)))
    return Issue.id.in_(links)


def is_blocked(scope: Scope) -> Condition:
    return _waiting(IssueLink.target_id, IssueLink.source_id, scope)


def _is_blocking(scope: Scope) -> Condition:
    return _waiting(IssueLink.source_id, IssueLink.target_id, scope)


def _waiting(here: Any, there: Any, scope: Scope) -> Condition:
    """Tied to an open issue, as far as whoever asks sees it; it may be of any project."""
    keeping.fleeting()
    other = aliased(Issue)
    tied = (
        select(here)
        .join(other, other.id == there)
        .join(Project, Project.id == other.project_id)
        .where(IssueLink.kind == Kind.BLOCKS, other.state == State.OPEN, other.deleted_at.is_(None))
        .where(visible_to(scope.by))
    )
    return and_(Issue.state == State.OPEN, Issue.id.in_(tied))
