"""Conditions on what has a size or a time: dates, numbers, priorities."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, true

from webapp.i18n import _
from webapp.lists.conditions.scope import ANYBODY, NOBODY, Condition, Scope, choice, compared, each, presence
from webapp.lists.vocabulary import VOCABULARY
from webapp.models.issues import Issue, Priority
from webapp.text import times
from webapp.text.query import Term, Unreadable, Value


def priority(value: Value, term: Term, scope: Scope) -> Condition:
    if value.upto is not None:
        first, last = (choice(Value(text, at=value.at), "priority") for text in (value.text, value.upto))
        return Issue.priority.between(Priority(first), Priority(last))
    return compared(Issue.priority, value.sign, Priority(choice(Value(value.text, at=value.at), "priority")))


def number(column: Any) -> Callable[[Term, Scope], Condition]:
    def ask(value: Value, term: Term, scope: Scope) -> Condition:
        bounds = [value.text] if value.upto is None else [value.text, value.upto]
        if not all(re.fullmatch("[0-9]{1,9}", bound) for bound in bounds):
            example = VOCABULARY[term.name].example
            why = _("%(field)s: takes a number, as in %(example)s.", field=term.name, example=example)
            raise Unreadable(value.at, why)
        if value.upto is not None:
            return and_(column >= int(bounds[0]), column <= int(bounds[1]))
        return compared(column, value.sign, int(bounds[0]))

    return each(ask)


def moment(column: Any) -> Callable[[Term, Scope], Condition]:
    """A field of a time in the past: a distance without a sign is an age."""

    def ask(value: Value, term: Term, scope: Scope) -> Condition:
        return within(column, value, scope.now)

    return each(ask)


def within(column: Any, value: Value, now: datetime) -> Condition:
    """That a time in the past is in, before or after the span that a value says."""
    span = _span(value.text, value, now)
    if value.upto is not None:
        return and_(_since(column, span), _until(column, _span(value.upto, value, now)))
    if span is None:
        raise _no_time(value)
    if span.is_distance:
        return compared(column, "<" if value.sign.startswith(">") else ">=", span.start)
    if not value.sign and span.start == span.end:
        span = times.day_of(span.start, now)
    asked: dict[str, Condition] = {
        "": and_(column >= span.start, column < span.end),
        ">": column >= span.end,
        ">=": column >= span.start,
        "<": column < span.start,
        "<=": column < span.end,
    }
    return asked[value.sign]


def day(column: Any) -> Callable[[Term, Scope], Condition]:
    """A field of a day that may be to come: a distance without a sign is ahead, and includes the days until then."""

    def ask(value: Value, term: Term, scope: Scope) -> Condition:
        if value.text in (NOBODY, ANYBODY) and value.upto is None:
            return presence(column.is_not(None), value.text)
        first = _span(value.text, value, scope.now, ahead=True)
        if value.upto is not None:
            last = _span(value.upto, value, scope.now, ahead=True)
            after = column >= first.start.date() if first else column.is_not(None)
            return and_(after, column <= _last_day(last) if last else true())
        if first is None:
            raise _no_time(value)
        start, end = first.start.date(), _last_day(first)
        if first.is_distance and not value.sign:
            until: Condition = column.between(scope.today, end)
            return until
        if not value.sign:
            return and_(column >= start, column <= end)
        return compared(column, value.sign, end if value.sign in (">", "<=") else start)

    return each(ask)


def _span(text: str, value: Value, now: datetime, *, ahead: bool = False) -> times.Span | None:
    """What an end of a range says; None for an open end."""
    if text in ("", ANYBODY):
        return None
    try:
        return times.read(text, now, ahead=ahead)
    except ValueError:
        raise _no_time(value) from None


def _no_time(value: Value) -> Unreadable:
    return Unreadable(value.at, _("This is no date. Write %(examples)s.", examples=_(times.EXAMPLES)))


def _since(column: Any, span: times.Span | None) -> Condition:
    return compared(column, ">=", span.start) if span else true()


def _until(column: Any, span: times.Span | None) -> Condition:
    if span is None:
        return true()
    return compared(column, "<" if span.start != span.end else "<=", span.end)


def _last_day(span: times.Span) -> date:
    return max(span.start, span.end - timedelta(microseconds=1)).date()
