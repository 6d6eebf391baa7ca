"""Conditions on what happened to an issue: what it was once, what changed, how long it has been so."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from webapp.events import asking
from webapp.events.kinds import Reopened
from webapp.i18n import _
from webapp.issues.fields import BY_QUERY
from webapp.lists.conditions.named import NAMING, ids_of, means_more
from webapp.lists.conditions.scope import Condition, Scope, choice, plain
from webapp.lists.conditions.sizes import within
from webapp.models.events import Event
from webapp.models.issues import Issue
from webapp.text.query import Term, Unreadable, Value

# A person is asked for by id alone: many have the same name, and nobody is deleted.
_BY_ID = [name for name, field in BY_QUERY.items() if field.names]
_BY_NAME = [name for name, field in BY_QUERY.items() if field.was and name != "assignee"]
_UNITS = {"h": 1, "d": 24, "w": 24 * 7}
# Under a name of its own, as the statement around a condition may speak of events as well.
_Event = aliased(Event)


def was(name: str, now: Callable[[Term, Scope], Condition]) -> Callable[[Term, Scope], Condition]:
    """That a field has, or once had, a value: `now` tells whether it has."""

    def ask(term: Term, scope: Scope) -> Condition:
        ids, _special = ids_of(term, scope) if name in _BY_ID else ([], [])
        names = _names(term) if name in _BY_NAME else []
        present = now(Term(name, term.values, (), term.at), scope)
        return or_(present, _happened(asking.had(_Event, _field(name), ids, names)))

    return ask


def _names(term: Term) -> list[str]:
    """What is asked for by its name, which none, any and an id are not, though something may be called so."""
    kind = NAMING.get(term.name, "")
    named = [value for value in term.values if not kind or not means_more(value, kind)]
    return [plain(value, term.name) for value in named]


def changed(term: Term, scope: Scope) -> Condition:
    """That one of these fields changed: by somebody, after or before a time, from or to a value."""
    asked = [asking.changed(_Event, _field(choice(value, "changed"))) for value in term.values]
    return _happened(or_(*asked), *(_narrowed(one, scope) for one in term.modifiers))


def reopened(value: Value, term: Term, scope: Scope) -> Condition:
    """How often an issue was opened again."""
    if not re.fullmatch("[0-9]{1,4}", value.text) or value.upto is not None:
        raise Unreadable(
            value.at, _("%(field)s: takes a number, as in %(example)s.", field="reopened", example="reopened:>1")
        )
    often, sign = int(value.text), value.sign or "="
    least = {"=": often, ">=": often, ">": often + 1}.get(sign, 0)
    most = {"=": often, "<=": often, "<": often - 1}.get(sign)
    asked = [_times(least)] if least > 0 else []
    asked += [not_(_times(most + 1))] if most is not None else []
    return and_(true(), *asked)


def stayed(status: Callable[[Term, Scope], Condition]) -> Callable[[Term, Scope], Condition]:
    """That an issue is in a status, and for how long it has been."""

    def ask(term: Term, scope: Scope) -> Condition:
        here = status(Term("status", term.values, (), term.at), scope)
        return and_(here, *(_for(value, scope) for one in term.modifiers for value in one.values))

    return ask


def _for(value: Value, scope: Scope) -> Condition:
    match = re.fullmatch("([0-9]{1,4})([hdw])", value.text)
    if not match or value.upto is not None:
        raise Unreadable(value.at, _("%(field)s: takes a time, as in %(example)s.", field="for", example="for:>5d"))
    since = scope.now - timedelta(hours=int(match[1]) * _UNITS[match[2]])
    recently = or_(Issue.created_at > since, _happened(asking.changed(_Event, "status"), _Event.created_at > since))
    return recently if value.sign.startswith("<") else not_(recently)


def _narrowed(modifier: Term, scope: Scope) -> Condition:
    return or_(*(_NARROWING[modifier.name](value, modifier, scope) for value in modifier.values))


def _by(value: Value, modifier: Term, scope: Scope) -> Condition:
    return _Event.actor_id.in_(ids_of(Term("by", (value,)), scope)[0])


def _when(sign: str) -> Callable[[Value, Term, Scope], Condition]:
    def ask(value: Value, modifier: Term, scope: Scope) -> Condition:
        if value.sign or value.upto is not None:
            why = _("%(field)s: takes one time, as in %(field)s:2026-01-01.", field=modifier.name)
            raise Unreadable(value.at, why)
        at = value.text if value.text[:1] in "+-" or not value.text[-1:].isalpha() else f"-{value.text}"
        text = value.text if value.text.lower() in ("today", "yesterday", "tomorrow") else at
        return within(_Event.created_at, Value(text, sign, at=value.at), scope.now)

    return ask


def _has_value(value: Value, modifier: Term, scope: Scope) -> Condition:
    return asking.value(_Event, modifier.name, plain(value, modifier.name))


_NARROWING: dict[str, Callable[[Value, Term, Scope], Condition]] = {
    "after": _when(">"),
    "before": _when("<"),
    "by": _by,
    "from": _has_value,
    "to": _has_value,
}


def _field(name: str) -> str:
    """What events call a field of the query language."""
    return BY_QUERY[name].name if name in BY_QUERY else name


def _happened(*conditions: Any) -> Condition:
    """That there is such an event, looked up for each issue that a list comes by.

    With EXISTS, PostgreSQL would gather all such events of all projects first, as soon as there is an OR.
    """
    first = select(_Event.id).where(_Event.issue_id == Issue.id, *conditions).limit(1)
    return first.correlate(Issue).scalar_subquery().is_not(None)


def _times(often: int) -> Condition:
    """That it was reopened so often at least; the events of one issue are few."""
    counted = select(_Event.issue_id).where(_Event.issue_id == Issue.id, _Event.kind == Reopened.kind)
    return exists(counted.group_by(_Event.issue_id).having(func.count() >= often))
