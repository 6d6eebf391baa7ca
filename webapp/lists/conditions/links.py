"""Conditions on how an issue is tied to others."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, and_, literal, not_, select
from sqlalchemy.orm import aliased

from webapp import keeping
from webapp.i18n import _
from webapp.lists.conditions.scope import ANYBODY, NOBODY, Condition, Scope, plain, presence
from webapp.models.issues import Issue, IssueLink, Kind, State
from webapp.models.projects import Project
from webapp.projects.sight import visible_to
from webapp.references import resolving
from webapp.text.query import Term, Unreadable, Value

REF = re.compile(r"(?:#|([A-Za-z][A-Za-z0-9]{1,9})-)([1-9][0-9]{0,17})\Z")
_OTHER = aliased(Issue)


def referred(match: re.Match[str], scope: Scope) -> Condition:
    """The issue itself. A former number finds it wherever it is now, if that is looked through."""
    return Issue.id.in_(_meant(match, list(scope.projects)))


def parent(value: Value, term: Term, scope: Scope) -> Condition:
    name = plain(value, "parent")
    if name in (NOBODY, ANYBODY):
        return presence(Issue.parent_id.is_not(None), name)
    there = list(scope.projects)
    upper = _other(_meant(_read(value), there))
    return Issue.parent_id.in_(upper.where(_OTHER.project_id.in_(there)))


def _read(value: Value) -> re.Match[str]:
    match = REF.match(value.text if not value.text.isdecimal() else f"#{value.text}")
    if match is None:
        raise Unreadable(value.at, _("This names no issue. Write #12 or KEY-12."))
    return match


def _meant(match: re.Match[str], there: Sequence[int], *, anywhere: bool = False) -> Any:
    """The ids of the issues that `#12` or `KEY-12` means; one with a key may be of any project, if that is asked."""
    key, number = match.groups()
    if not key:
        return resolving.ids(there, literal(int(number), BigInteger))
    keyed = resolving.projects(key.upper())
    homes = keyed if anywhere else select(Project.id).where(Project.id.in_(there), Project.id.in_(keyed))
    return resolving.ids(homes, literal(int(number), BigInteger))


def _other(ids: Any) -> Any:
    """Those of these issues that are not in the trash."""
    return select(_OTHER.id).where(_OTHER.id.in_(ids), _OTHER.deleted_at.is_(None))


def _tied_to(value: Value, scope: Scope) -> Any:
    """The ids of the issues that are named, of any project, as far as whoever asks sees them."""
    keeping.fleeting()
    others = _other(_meant(_read(value), list(scope.projects), anywhere=True))
    return others.join(Project, Project.id == _OTHER.project_id).where(visible_to(scope.by))


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
    links = select(here).where(IssueLink.kind == Kind.BLOCKS, there.in_(_tied_to(value, scope)))
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
