"""What all conditions need: who asks and where, and how values are read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, not_, or_

from webapp import keeping
from webapp.access import Viewer
from webapp.i18n import _, formats
from webapp.lists.vocabulary import VOCABULARY, Named
from webapp.text.query import Term, Unreadable, Value, nearest

Condition = ColumnElement[bool]
NOBODY, ANYBODY, ME = "none", "*", "@me"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks, when, in which projects, and the ids of everything that the query calls by a name.

    `walks`: the condition is asked of one issue after another, so of its own row where that can tell; else it may
    begin with what a label or a person has. `is_open`: only of open issues, whose ties have a place on boards.
    """

    projects: Mapping[int, str]
    by: Viewer | None
    at: datetime
    ids: Mapping[Named, Sequence[int]]
    walks: bool = False
    is_open: bool = False

    @property
    def now(self) -> datetime:
        """This moment, and no other: what is found so is found anew each time."""
        keeping.fleeting()
        return self.at

    @property
    def today(self) -> date:
        return self.at.date()


def choice(value: Value, field: str) -> str:
    """The value as one of its field's words. Raises Unreadable."""
    text, choices = value.text.lower(), VOCABULARY[field].choices
    if text not in choices or value.sign or value.upto is not None:
        why = _("%(field)s: takes %(values)s.", field=field, values=formats.one_of(choices))
        raise Unreadable(value.at, why, nearest(text, choices))
    return text


def plain(value: Value, field: str) -> str:
    """The value as a name. Raises Unreadable for a comparison or a range."""
    if value.sign or value.upto is not None:
        raise Unreadable(value.at, _("%(field)s: takes names; signs like > are for numbers and times.", field=field))
    return value.text


def each(ask: Callable[[Value, Term, Scope], Condition]) -> Callable[[Term, Scope], Condition]:
    """A field of which one of the values must hold."""
    return lambda term, scope: or_(*(ask(value, term, scope) for value in term.values))


def presence(present: Condition, word: str) -> Condition:
    """That there is one, or for `none` that there is not."""
    return not_(present) if word == NOBODY else present


def compared(column: Any, sign: str, bound: Any) -> Condition:
    """The comparison that a sign stands for."""
    comparisons: dict[str, Callable[[], Condition]] = {
        "": lambda: column == bound,
        ">": lambda: column > bound,
        ">=": lambda: column >= bound,
        "<": lambda: column < bound,
        "<=": lambda: column <= bound,
    }
    return comparisons[sign]()
