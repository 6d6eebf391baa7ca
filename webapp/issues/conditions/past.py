"""Conditions on what happened to an issue: what it was once, what changed, how long it has been so."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from webapp.events.models import Event
from webapp.issues.conditions.named import ids_of
from webapp.issues.conditions.scope import Condition, Scope, choice, plain
from webapp.issues.conditions.sizes import within
from webapp.issues.models import Issue
from webapp.text.query import Term, Unreadable, Value

# The kinds of event that tell of a change of each field.
KINDS: dict[str, tuple[str, ...]] = {
    "state": ("closed", "reopened"),
    "status": ("moved_status",),
    "assignee": ("assigned",),
    "label": ("labelled",),
    "priority": ("prioritised",),
    "milestone": ("milestoned",),
    "due": ("scheduled",),
    "start": ("started",),
    "title": ("renamed",),
    "body": ("described",),
    "parent": ("reparented",),
    "estimate": ("estimated",),
}
_UNITS = {"h": 1, "d": 24, "w": 24 * 7}
# Under a name of its own, as the statement around a condition may speak of events as well.
_Event = aliased(Event)


def was(name: str, now: Callable[[Term, Scope], Condition]) -> Callable[[Term, Scope], Condition]:
    """That a field has, or once had, a value: `now` tells whether it has."""

    def ask(term: Term, scope: Scope) -> Condition:
        said = [plain(value, term.name) for value in term.values]
        ids, _ = ids_of(term, scope) if name in _BY_ID else ([], [])
        told = _BY_ID[name](ids) if name in _BY_ID else _by_name(said)
        present = now(Term(name, term.values, (), term.at), scope)
        return or_(present, _happened(_Event.kind.in_(KINDS[name]), told))

    return ask


def changed(term: Term, scope: Scope) -> Condition:
    """That one of these fields changed: by somebody, after or before a time, from or to a value."""
    kinds = [kind for value in term.values for kind in KINDS[choice(value, "changed")]]
    return _happened(_Event.kind.in_(kinds), *(_narrowed(one, scope) for one in term.modifiers))


def reopened(value: Value, term: Term, scope: Scope) -> Condition:
    """How often an issue was opened again."""
    if not re.fullmatch("[0-9]{1,4}", value.text) or value.upto is not None:
        raise Unreadable(value.at, "reopened: takes a number, as in reopened:>1.")
    often, sign = int(value.text), value.sign or "="
    least = {"=": often, ">=": often, ">": often + 1}.get(sign, 0)
    most = {"=": often, "<=": often, "<": often - 1}.get(sign)
    asked = [_times("reopened", least)] if least > 0 else []
    asked += [not_(_times("reopened", most + 1))] if most is not None else []
    return and_(true(), *asked)


def stayed(status: Callable[[Term, Scope], Condition]) -> Callable[[Term, Scope], Condition]:
    """That an issue is in a status, and for how long it has been."""

    def ask(term: Term, scope: Scope) -> Condition:
        here = status(Term("status", term.values, (), term.at), scope)
        return and_(here, *(_for(value, scope) for one in term.modifiers for value in one.values))

    return ask


def _for(value: Value, scope: Scope) -> Condition:
    found = re.fullmatch("([0-9]{1,4})([hdw])", value.text)
    if not found or value.upto is not None:
        raise Unreadable(value.at, "for: takes a time, as in for:>5d.")
    since = scope.now - timedelta(hours=int(found[1]) * _UNITS[found[2]])
    lately = or_(Issue.created_at > since, _happened(_Event.kind == "moved_status", _Event.created_at > since))
    return lately if value.sign.startswith("<") else not_(lately)


def _narrowed(modifier: Term, scope: Scope) -> Condition:
    return or_(*(_NARROWING[modifier.name](value, modifier, scope) for value in modifier.values))


def _by(value: Value, modifier: Term, scope: Scope) -> Condition:
    return _Event.actor_id.in_(ids_of(Term("by", (value,)), scope)[0])


def _when(sign: str) -> Callable[[Value, Term, Scope], Condition]:
    def ask(value: Value, modifier: Term, scope: Scope) -> Condition:
        if value.sign or value.upto is not None:
            raise Unreadable(value.at, f"{modifier.name}: takes one time, as in {modifier.name}:2026-01-01.")
        at = value.text if value.text[:1] in "+-" or not value.text[-1:].isalpha() else f"-{value.text}"
        text = value.text if value.text.lower() in ("today", "yesterday", "tomorrow") else at
        return within(_Event.created_at, Value(text, sign, at=value.at), scope.now)

    return ask


def _told(key: str) -> Callable[[Value, Term, Scope], Condition]:
    def ask(value: Value, modifier: Term, scope: Scope) -> Condition:
        return func.lower(_Event.data[key].astext) == func.lower(plain(value, modifier.name))

    return ask


_NARROWING: dict[str, Callable[[Value, Term, Scope], Condition]] = {
    "after": _when(">"),
    "before": _when("<"),
    "by": _by,
    "from": _told("old"),
    "to": _told("new"),
}


def _by_name(said: list[str]) -> Condition:
    names = [func.lower(name) for name in said]
    return or_(*(func.lower(_Event.data[key].astext).in_(names) for key in ("old", "new")))


def _among(ids: list[int]) -> Condition:
    """Added to or taken from the issue."""
    return or_(*(_Event.data[key].contains([id]) for id in ids for key in ("added_ids", "removed_ids")), false())


def _either(ids: list[int]) -> Condition:
    return or_(*(_Event.data[key].astext.in_([str(id) for id in ids]) for key in ("old_id", "new_id")))


_BY_ID: dict[str, Callable[[list[int]], Condition]] = {"label": _among, "assignee": _among, "milestone": _either}


def _happened(*told: Any) -> Condition:
    """That there is such an event, looked up for each issue that a list comes by.

    With EXISTS, PostgreSQL would gather all such events of all projects first, as soon as there is an OR.
    """
    first = select(_Event.id).where(_Event.issue_id == Issue.id, *told).limit(1)
    return first.correlate(Issue).scalar_subquery().is_not(None)


def _times(kind: str, often: int) -> Condition:
    """That it happened so often at least; the events of one issue are few."""
    counted = select(_Event.issue_id).where(_Event.issue_id == Issue.id, _Event.kind == kind)
    return exists(counted.group_by(_Event.issue_id).having(func.count() >= often))
